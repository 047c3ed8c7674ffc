/** Quotes and orders: fetched with their words when a request has any. */
import type { Catalogue, Words } from '../i18n';
import css from './orders.css?inline';
import { OrderCard } from './OrderCard';
import { OrderStrip } from './OrderStrip';

const TEXTS: Record<string, () => Promise<{ default: Catalogue }>> = {
  de: () => import('../../../locales/orders/de.json'),
  en: () => import('../../../locales/orders/en.json'),
  es: () => import('../../../locales/orders/es.json'),
  fr: () => import('../../../locales/orders/fr.json'),
  it: () => import('../../../locales/orders/it.json'),
  pt: () => import('../../../locales/orders/pt.json'),
};

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

async function learn(words: Words): Promise<void> {
  words.learn((await (TEXTS[words.language] ?? TEXTS.en!)()).default);
}

export { learn, OrderCard, OrderStrip, sheet };
