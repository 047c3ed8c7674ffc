/** How somebody nobody vouches for comes to their earlier requests: a mailed code, or a hand-over. */
import type { Actions, Tools } from './actions';
import { begun } from './drafts';
import { fromResponse, offline } from './errors';
import { newKey } from './keys';
import { proven, type Opened } from './session';

type Entrance = { email: string; code: string } | { handoff: string };

export function createEntrance({ site, store, session, drafts, words, begin }: Tools, show: Actions['show']) {
  /** Asks what needs no session, for it leads to one. */
  async function ask<T>(path: string, body: object): Promise<T> {
    const answer = await fetch(`${site.server}/api/v1/mail-links${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ site_key: site.key, ...body }),
    }).catch(() => {
      throw offline();
    });
    if (!answer.ok) throw await fromResponse(answer);
    return answer.json();
  }

  return {
    askCode: (email: string) => ask<{ sent_to: string; expires_at: string }>('', { email, locale: words.language }),

    /** Goes on as whom a code or a hand-over shows; what was being written stays. */
    async enter(by: Entrance): Promise<void> {
      await session.token().catch(() => {}); // One that is under way would come in between.
      const before = session.requester;
      // Whom the page vouches for stays, with all that is theirs.
      if (before?.kind === 'identified') return;
      const opened = await ask<Opened>('/redemption', by);
      const { draft, screen } = store.get();
      // Before the list has come what is kept was not read yet.
      const written = begun(draft) ? draft : drafts.draft();
      session.adopt(opened);
      // What somebody proven wrote is theirs alone. Files were sent by whom this was before.
      if (before && !proven(before) && begun(written)) drafts.keepDraft({ ...written, files: [], key: newKey(), sealed: null });
      store.set({ screen });
      await begin();
      if (opened.ticket) await show(opened.ticket);
    },
  };
}

/** Goes on from a mailed link's page, whose token the address must not keep, or from where an order was paid.
 * Returns the request to show. */
export async function handOver(actions: Actions): Promise<string | void> {
  const [bare, handoff] = location.href.split('#ventanilla=');
  if (!handoff) return;
  history.replaceState(history.state, '', bare);
  if (handoff.startsWith('ticket.')) return handoff.slice(7);
  // It works once; without it the panel opens as it would.
  await createEntrance(actions.tools, actions.show).enter({ handoff }).catch(() => {});
}
