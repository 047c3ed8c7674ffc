/** A picture of the page with areas blacked out: fetched with its words when somebody wants one. */
import type { Catalogue, Words } from '../i18n';
import css from './capture.css?inline';
import { edit } from './edit';
import { grab } from './grab';

const TEXTS: Record<string, () => Promise<{ default: Catalogue }>> = {
  de: () => import('../../../locales/capture/de.json'),
  en: () => import('../../../locales/capture/en.json'),
  es: () => import('../../../locales/capture/es.json'),
  fr: () => import('../../../locales/capture/fr.json'),
  it: () => import('../../../locales/capture/it.json'),
  pt: () => import('../../../locales/capture/pt.json'),
};

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

/** Take a picture, let the person black out what is nobody's business, and return the file or nothing. */
export async function capture(root: ShadowRoot, words: Words, most: number): Promise<File | null> {
  words.learn((await (TEXTS[words.language] ?? TEXTS.en!)()).default);
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  const picture = await grab(root);
  try {
    return await edit(root, words, picture, most);
  } finally {
    picture.close();
  }
}
