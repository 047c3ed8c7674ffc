/** Everything the panel shows. Impossible combinations cannot be written down. */
import { newKey } from './keys';
import type { Requester } from './session';
import type { Home, State, Ticket } from './types';

export type Screen =
  | { name: 'home' }
  | { name: 'new'; step: 0 | 1 | 2 }
  | { name: 'mine' }
  | { name: 'ticket'; id: string; ticket: Ticket | null; filed: boolean; read: number };

/** A file on its way: uploading, refused with its reason, or waiting for its message. */
export interface Upload {
  key: string;
  name: string;
  size: number;
  share: number;
  id: string | null;
  problem: string | null;
  picture: ImageBitmap | null;
}

export interface Draft {
  category: string | null;
  title: string;
  body: string;
  email: string;
  notify: boolean;
  context: boolean;
  fields: Record<string, string>;
  files: Upload[];
  /** Names this one request, however often it is sent; any change makes another of it. */
  key: string;
  /** What was sent under the key: a retry after a reload says the very same. */
  sealed: unknown;
}

export interface Reply {
  body: string;
  files: Upload[];
  key: string;
}

/** What is under way or went wrong, in the reader's words. `retry` sends it again. */
export interface Problem {
  code: string;
  text: string;
  until: number | null;
  retry: (() => void) | null;
}

export interface PanelState {
  open: boolean;
  /** The page is being asked who its user is; until it has answered nothing of anyone is drawn. */
  checking: boolean;
  screen: Screen;
  home: Home | null;
  /** How far the news are known. */
  cursor: string;
  filter: { state: State | ''; q: string };
  requester: Requester | null;
  draft: Draft;
  reply: Reply;
  faults: Record<string, string>;
  sending: boolean;
  /** A reply on its way, or one that did not arrive: it stands in the thread until it does. */
  replying: 'sending' | 'failed' | null;
  loading: boolean;
  online: boolean;
  problem: Problem | null;
  toast: { text: string; undo: (() => void) | null } | null;
}

/** Nothing known of anyone yet. */
export function blank(): Omit<PanelState, 'open' | 'online' | 'checking'> {
  return {
    screen: { name: 'home' },
    home: null,
    cursor: '-1',
    filter: { state: '', q: '' },
    requester: null,
    draft: emptyDraft(),
    reply: emptyReply(),
    faults: {},
    sending: false,
    replying: null,
    loading: false,
    problem: null,
    toast: null,
  };
}

export function emptyDraft(): Draft {
  return { category: null, title: '', body: '', email: '', notify: true, context: true, fields: {}, files: [], key: newKey(), sealed: null };
}

export function emptyReply(): Reply {
  return { body: '', files: [], key: newKey() };
}
