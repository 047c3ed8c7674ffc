/** What the server says of a site to anyone: the loader carries it, the panel reads it. */

import type { Node } from './panel/types';

export type Texts = Record<string, string>;

export interface Field {
  key: string;
  type: 'text' | 'long' | 'choice' | 'number' | 'url' | 'date' | 'order';
  label: Texts;
  help?: Texts;
  required?: boolean;
  options?: { value: string; label: Texts }[];
  pattern?: string;
  max_length?: number;
}

export interface Category {
  id: string;
  icon: string;
  name: Texts;
  hint?: Texts;
  notice?: { tone: 'info' | 'warning' | 'outage'; content: Record<string, Node[]> };
  fields?: Field[];
}

/** A way to reach the team; `open`: begin and end of each opening in turn, in minutes since 1970, `null` always. */
export interface Channel {
  kind: 'phone' | 'whatsapp' | 'email';
  value: string;
  label: Texts;
  open: number[] | null;
}

export interface Site {
  key: string;
  server: string;
  name: string;
  languages: string[];
  default_language: string;
  labels: Texts;
  greeting: Texts;
  look: {
    accent: string;
    radius: number;
    position: 'start' | 'end';
    offset: [number, number];
    theme: 'auto' | 'light' | 'dark';
    logo: string | null;
  };
  categories: Category[];
  limits: { files: number; file_bytes: number; title: number; body: number; accept: string[] };
  contact: { email: string | null; answer_hours: number | null };
  channels?: Channel[];
  assets: { panel: string; lang: Texts };
}

/** A request to the panel: what to show, or who is there. */
export type Command = [name: string, value?: unknown];

/** What the loader hands to the panel at the first click. */
export interface Mount {
  site: Site;
  language: string;
  element: HTMLElement;
  root: ShadowRoot;
  inline: boolean;
  identityUrl(): string | null;
  /** Who is signed in, as the page's cookie tells; undefined if it names none. */
  person(): string | undefined;
  /** The session exchange, already under way for somebody of whom nothing is stored, and the token that vouches for them. */
  early: { by: string | null; answer: Promise<Response> } | null;
  /** The page's word for its user, already asked for. */
  asked: Promise<Response> | null;
  badge(unread: number): void;
  closed(): void;
}

/** What the panel gives back. */
export interface Panel {
  run(command: Command): void;
  open(): void;
  close(): void;
  /** The element came back to the page: show again what a removal from it has hidden. */
  resume(): void;
  readonly isOpen: boolean;
}
