/** What suggestions look like: fetched with the first question. */
import { Suggestions } from './Suggestions';
import css from './suggestions.css?inline';

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

export { sheet, Suggestions };
