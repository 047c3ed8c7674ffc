/** What is new, asked for only while somebody looks. */
import type { Actions } from './actions';
import type { Api } from './api';
import { merged } from './lists';
import type { PanelState } from './state';
import type { Store } from './store';
import type { News } from './types';

interface Needs {
  store: Store<PanelState>;
  api: Api;
  actions: Actions;
  announce(name: string, detail?: unknown): void;
  badge(unread: number): void;
  /** Is the panel still on the page? */
  alive(): boolean;
}

/** New answers have to show within five seconds; the server answers "nothing" for next to nothing. */
const EVERY_MS = 4_000;
const LONGEST_MS = 60_000;

/** Addresses of files are good for ten minutes; an open request is read again before that. */
const FRESH_MS = 8 * 60_000;

export function watchUpdates({ store, api, actions, announce, badge, alive }: Needs) {
  let timer = 0;
  let wait = EVERY_MS;
  let running = false;

  async function ask(): Promise<void> {
    clearTimeout(timer);
    if (!running || document.hidden) return;
    if (!alive()) return void (running = false);
    try {
      // A session that ended left nothing to show: the next begins here.
      if (!store.get().home && !store.get().problem) await actions.start();
      const { cursor, screen } = store.get();
      const news = await api.updates(cursor);
      wait = EVERY_MS;
      // What was read meanwhile is unread in this answer, and what was heard meanwhile is no news: asked again, it tells the rest.
      const now = store.get();
      if (now.screen !== screen || now.cursor !== cursor) return await ask();
      if (news) await take(news, cursor === '-1');
      else await refresh();
    } catch {
      wait = Math.min(wait * 2, LONGEST_MS); // Away, or limited: ask less often.
    } finally {
      clearTimeout(timer);
      if (running) timer = window.setTimeout(() => void ask(), wait);
    }
  }

  async function take({ cursor, unread, tickets }: News, first: boolean): Promise<void> {
    badge(unread);
    const { home, screen, filter } = store.get();
    store.set({ cursor });
    if (home) store.set({ home: { ...home, unread, tickets: merged(home.tickets, tickets, !filter.q && !filter.state) } });
    if (!first) for (const row of tickets) if (row.unread) announce('reply', { ticket: row.id });
    const shown = screen.name === 'ticket' ? screen : null;
    const changed = tickets.find((row) => row.id === shown?.id);
    if (changed && shown?.ticket && changed.updated_at !== shown.ticket.updated_at) await actions.refresh(changed.id);
  }

  async function refresh(): Promise<void> {
    const { screen } = store.get();
    if (screen.name === 'ticket' && screen.ticket && Date.now() - screen.read > FRESH_MS) await actions.refresh(screen.id);
  }

  const look = (): void => void ask();
  document.addEventListener('visibilitychange', look);
  addEventListener('online', look);
  addEventListener('pageshow', look);

  return {
    /** With a list just read there is nothing to ask for yet. */
    start(fresh = false): void {
      if (running) return;
      running = true;
      wait = EVERY_MS;
      if (fresh) timer = window.setTimeout(look, wait);
      else look();
    },
    stop(): void {
      running = false;
      clearTimeout(timer);
    },
  };
}
