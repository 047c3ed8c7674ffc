/** Everything the panel shows. Impossible combinations cannot be written down. */
import type { Requester } from './session';
import type { Home, State, Ticket } from './types';

export type Screen =
  | { name: 'home' }
  | { name: 'new'; step: 0 | 1 | 2 }
  | { name: 'ticket'; id: string; ticket: Ticket | null; filed: boolean };

/** A file on its way: uploading, refused with its reason, or waiting for its message. */
export interface Upload {
  key: string;
  name: string;
  size: number;
  share: number;
  id: string | null;
  problem: string | null;
  picture: string | null;
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
  key: string;
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
  screen: Screen;
  home: Home | null;
  filter: { state: State | ''; q: string };
  requester: Requester | null;
  draft: Draft;
  reply: Reply;
  faults: Record<string, string>;
  sending: boolean;
  loading: boolean;
  online: boolean;
  problem: Problem | null;
  toast: { text: string; undo: (() => void) | null } | null;
}
