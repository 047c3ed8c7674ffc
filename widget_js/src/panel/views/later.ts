/** Everything behind the list: fetched while the list is being read. */
import { handOver } from '../entrance';
import { addIcons } from '../icons';
import css from '../later.css?inline';
import { pictograms } from '../pictograms';
import { Mine } from './Mine';
import { New } from './New';
import { TicketView } from './TicketView';

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
addIcons(pictograms);

export { handOver, Mine, New, sheet, TicketView };
