/** What is new, asked for only while somebody looks. */
import type { Actions } from './actions';
import type { Api } from './api';
import type { PanelState } from './state';
import type { Store } from './store';

interface Needs {
  store: Store<PanelState>;
  api: Api;
  actions: Actions;
  announce(name: string, detail?: unknown): void;
  badge(unread: number): void;
}

/** New answers have to show within five seconds; the server answers "nothing" for next to nothing. */
const EVERY_MS = 4_000;
const LONGEST_MS = 60_000;

export function watchUpdates({ store, api, actions, announce, badge }: Needs) {
  let timer = 0;
  let wait = EVERY_MS;
  let cursor = '-1';
  let running = false;

  async function ask(): Promise<void> {
    clearTimeout(timer);
    if (!running || document.hidden) return;
    try {
      const news = await api.updates(cursor);
      wait = EVERY_MS;
      if (news) await take(news.cursor, news.unread, news.tickets);
    } catch {
      wait = Math.min(wait * 2, LONGEST_MS); // Away, or limited: ask less often.
    }
    clearTimeout(timer);
    if (running) timer = window.setTimeout(() => void ask(), wait);
  }

  async function take(now: string, unread: number, tickets: PanelState['home'] extends infer H ? (H extends { tickets: infer T } ? T : never) : never): Promise<void> {
    const first = cursor === '-1';
    cursor = now;
    badge(unread);
    if (first) return;
    const { home, screen } = store.get();
    if (home) {
      const changed = new Set(tickets.map((row) => row.id));
      store.set({ home: { ...home, unread, tickets: [...tickets, ...home.tickets.filter((row) => !changed.has(row.id))] } });
    }
    for (const row of tickets) if (row.unread) announce('reply', { ticket: row.id });
    const open = screen.name === 'ticket' && screen.ticket && tickets.find((row) => row.id === screen.id);
    if (open && open.updated_at !== (screen.name === 'ticket' && screen.ticket?.updated_at)) await actions.show(open.id);
  }

  const look = (): void => void ask();
  document.addEventListener('visibilitychange', look);
  addEventListener('online', look);
  addEventListener('pageshow', look);

  return {
    start(): void {
      if (running) return;
      running = true;
      void ask();
    },
    stop(): void {
      running = false;
      clearTimeout(timer);
    },
  };
}
