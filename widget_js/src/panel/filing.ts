/** A draft as the server wants it. */
import type { Site } from '../site';
import type { Requester } from './session';
import type { Draft } from './state';
import type { Ticket } from './types';

/** Sends a request with what goes along with it; may do so twice. */
export type Filing = (post: (more: object) => Promise<Ticket>) => Promise<Ticket>;

/** What is filed of a draft; `context` tells of the page, if the person allowed it. */
export function bodyOf(draft: Draft, site: Site, requester: Requester | null, locale: string, context: () => object): object {
  // What another category asked for stays with the draft, and is not sent.
  const asked = site.categories.find((each) => each.id === draft.category)?.fields ?? [];
  return {
    category: draft.category,
    title: draft.title,
    body: draft.body,
    email: requester?.kind === 'visitor' ? draft.email : null,
    notify: draft.notify,
    attachments: draft.files.flatMap((file) => (file.id ? [file.id] : [])),
    fields: Object.fromEntries(asked.flatMap(({ key }) => (draft.fields[key] ? [[key, draft.fields[key]]] : []))),
    context: draft.context ? context() : null,
    locale,
  };
}
