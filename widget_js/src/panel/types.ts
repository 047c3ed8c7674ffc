/** What the server answers. */
import type { Order } from './orders/types';

export type State = 'waiting' | 'in_progress' | 'completed';

export interface TicketRow {
  id: string;
  number: number;
  title: string;
  state: State;
  progress: number;
  category: { id: string; name: string; icon: string } | null;
  opened_at: string;
  updated_at: string;
  unread: boolean;
}

export interface Attachment {
  id: string;
  name: string;
  size: number;
  type: string;
  kind: 'image' | 'pdf' | 'word' | 'archive';
  url: string;
  preview_url: string | null;
}

export interface Person {
  kind: 'requester' | 'agent';
  name: string;
  you: boolean;
}

/** Markdown as a tree: text, or a tag with attributes and children. */
export type Node = string | [tag: string, attributes: Record<string, unknown> | null, ...children: Node[]];

export interface Message {
  type: 'message';
  id: string;
  at: string;
  author: Person;
  body: string;
  content: Node[] | null;
  attachments: Attachment[];
  quoted?: string | null;
}

export interface TicketEvent {
  type: 'event';
  id: string;
  at: string;
  kind: string;
  actor: Person;
  data: Record<string, unknown>;
}

export type Entry = Message | TicketEvent;

export interface Ticket extends TicketRow {
  notify: boolean;
  email: string | null;
  can_close: boolean;
  checklist: { id: string; label: string; done: boolean }[];
  answer_by: string | null;
  rating?: { good: boolean; comment: string } | null;
  held?: boolean;
  fields: { label: string; value: string }[];
  thread: Entry[];
  orders?: Order[];
  files: Attachment[];
}

export interface Home {
  tickets: TicketRow[];
  next: string | null;
  unread: number;
  counts: Record<State, number>;
  /** Where news go on from this list; a server of an earlier version does not say. */
  updates?: string;
}

export interface News {
  cursor: string;
  unread: number;
  tickets: TicketRow[];
}

/** An article that may answer what is being written; `text` is the passage that fits. */
export interface Suggestion {
  id: string;
  title: string;
  text: string;
  locale: string;
  url: string;
}

/** One thing a written answer says, and the articles that say so. */
export interface Sentence {
  text: string;
  sources: { id: string; title: string; url: string }[];
}

export interface Article {
  id: string;
  title: string;
  locale: string;
  html_tree: Node[];
  url: string;
}
