/** What every view may use. */
import { createContext } from 'preact';
import type { Site, Texts } from '../site';
import type { Actions } from './actions';
import type { Words } from './i18n';
import type { bringLater } from './later';

export interface Needs {
  site: Site;
  words: Words;
  actions: Actions;
  inline: boolean;
  root: ShadowRoot;
  later: ReturnType<typeof bringLater>;
  close(): void;
  /** A site's own text in the reader's language, or in the one it has. */
  say(texts: Texts | undefined): string;
  /** The same of anything kept by language. */
  pick<T>(each: Record<string, T> | undefined): T | undefined;
}

export const Needed = createContext<Needs>(null as unknown as Needs);
