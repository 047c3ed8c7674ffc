/** Everything behind the list: fetched while the list is being read. */
import { addIcons } from '../icons';
import css from '../later.css?inline';
import { pictograms } from '../pictograms';
import { New } from './New';
import { TicketView } from './TicketView';

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
addIcons(pictograms);

export { New, sheet, TicketView };
