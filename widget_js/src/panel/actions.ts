/** Everything a person can do. Views call these and nothing else; only here store and wire meet. */
import type { Site } from '../site';
import type { Api } from './api';
import { deliver } from './deliver';
import { createDrafts } from './drafts';
import { offline, type ApiError } from './errors';
import { bodyOf, type Filing } from './filing';
import type { Words } from './i18n';
import { newKey } from './keys';
import { merged, withTicket } from './lists';
import { pageContext } from './page';
import { createProblems } from './problems';
import type { Identity, Session } from './session';
import { blank, emptyDraft, emptyReply, type Draft, type PanelState, type Reply, type Screen } from './state';
import type { Kept } from './storage';
import type { Store } from './store';
import type { State, Ticket } from './types';
import { createUploads, type Where } from './uploads';

export interface Needs {
  site: Site;
  store: Store<PanelState>;
  api: Api;
  session: Session;
  kept: Kept;
  words: Words;
  context: Record<string, unknown>;
  announce(name: string, detail?: unknown): void;
  badge(unread: number): void;
}

export type Actions = ReturnType<typeof createActions>;
export type Tools = Actions['tools'];

const UNDO_MS = 10_000;

export function createActions(needs: Needs) {
  const { site, store, api, session, kept, words, announce } = needs;
  const { problemOf, faultsOf } = createProblems(words);
  const drafts = createDrafts(kept, session);
  const uploads = createUploads({ site, store, api, words, problemOf, save });
  /** Requests to which a reply is under way. */
  const going = new Set<string>();
  let toastTimer: ReturnType<typeof setTimeout> | undefined;

  /** Keeps what was changed and nothing else: the rest may be under way in another tab. */
  function save(where: Where, news?: Partial<Draft>): void {
    const { draft, home, reply, screen } = store.get();
    // Before the list has come what is kept was not read yet, and is not lost to what comes on top.
    if (where === 'draft') drafts.keepDraft({ ...(home ? draft : drafts.draft()), ...news });
    else if (screen.name === 'ticket') drafts.keepReply(screen.id, reply);
  }

  async function attempt(task: () => Promise<Partial<PanelState> | void>): Promise<void> {
    store.set({ loading: true, problem: null });
    try {
      store.set({ loading: false, ...(await task()) });
    } catch (error) {
      if (!gone(error)) store.set({ loading: false, problem: problemOf(error, () => void attempt(task)) });
    }
  }

  /** Has whoever did this gone? The window is empty, and begins with who is there now. */
  function gone(error: unknown): boolean {
    const other = (error as ApiError).code === 'identity_changed';
    if (other && !store.get().home) void actions.start();
    return other;
  }

  /** Sends until the server has answered: a network that drops is waited for, a refusal is shown. */
  function insist<T>(act: () => Promise<T>): Promise<T> {
    const { era } = session;
    return deliver(act, {
      away: (now) => store.set({ problem: { ...problemOf(offline()), retry: now } }),
      back: () => store.set({ problem: null }),
      mine: () => era === session.era,
    });
  }

  /** Is this the request somebody looks at? */
  function here(id: string): boolean {
    const { screen } = store.get();
    return screen.name === 'ticket' && screen.id === id;
  }

  async function begin(): Promise<void> {
    await session.token();
    const fresh = session.fresh;
    session.fresh = null;
    const home = fresh ?? (await api.home());
    const draft = drafts.draft();
    if (session.requester?.email && !draft.email) draft.email = session.requester.email;
    store.set({ home, requester: session.requester, draft, cursor: home.updates ?? '-1' });
    needs.badge(home.unread);
  }

  function forget(): void {
    uploads.stop();
    store.set(blank());
    needs.badge(0);
  }

  function shown(ticket: Ticket, filed = false): Partial<PanelState> {
    const { screen, home } = store.get();
    const same = screen.name === 'ticket' && screen.id === ticket.id;
    const now = home && withTicket(home, ticket, filed);
    if (now) needs.badge(now.unread);
    return {
      screen: { name: 'ticket', id: ticket.id, ticket, filed: filed || (same && screen.filed), read: Date.now() },
      home: now,
    };
  }

  /** What an act made of a request; whoever has gone on meanwhile is not brought back. */
  function changed(id: string, ticket: Ticket): Partial<PanelState> {
    const { screen, ...rest } = shown(ticket);
    return here(id) ? { screen, ...rest } : rest;
  }

  function toast(text: string, undo: (() => void) | null = null): void {
    clearTimeout(toastTimer);
    store.set({ toast: { text, undo } });
    toastTimer = setTimeout(() => store.set({ toast: null }), UNDO_MS);
  }

  /** What parts need that come later. */
  const tools = { site, store, api, session, drafts, words, announce, begin, shown };

  const actions = {
    uploads,
    tools,
    forget,

    /** Show the panel: who is there is asked before anything of theirs is drawn. */
    start: () =>
      attempt(async () => {
        store.set({ checking: session.asks });
        session.doubt();
        await session.token();
        store.set({ checking: false });
        if (!store.get().home) await begin();
      }),

    identify(identity: Identity): void {
      session.identify(identity);
      if (store.get().open) void actions.start();
    },

    logout(): void {
      session.leave();
      session.identify(null);
      if (store.get().open) void actions.start();
    },

    go(screen: Screen): void {
      store.set({ screen, problem: null, faults: {}, replying: null });
    },

    home: () => {
      actions.go({ name: 'home' });
      if (!store.get().home) void actions.start();
    },

    list: (filter: { state: State | ''; q: string }) => {
      store.set({ filter });
      return attempt(async () => {
        const home = await api.home(filter);
        return store.get().filter === filter ? { home } : {}; // Typed on meanwhile.
      });
    },

    more: () =>
      attempt(async () => {
        const { home, filter } = store.get();
        if (!home?.next) return {};
        const page = await api.home({ ...filter, before: home.next });
        const now = store.get();
        // News came meanwhile, and what was read by its number may stand on this page, too.
        return now.home && now.filter === filter ? { home: { ...page, tickets: merged(now.home.tickets, page.tickets, true) } } : {};
      }),

    compose(): void {
      // What is on its way is looked at where it was sent: what was added to it would be lost.
      actions.go({ name: 'new', step: store.get().sending ? 2 : 0 });
    },

    /** Changes what is being written; `mended` are the faults that go with it. */
    edit(change: Partial<Draft>, mended = Object.keys(change)): void {
      const faults = { ...store.get().faults };
      for (const name of mended) delete faults[name];
      const news = { ...change, key: newKey(), sealed: null };
      store.set({ draft: { ...store.get().draft, ...news }, faults });
      save('draft', news);
    },

    answer(key: string, value: string): void {
      actions.edit({ fields: { ...store.get().draft.fields, [key]: value } }, [`fields.${key}`]);
    },

    pick: (category: string): void => actions.edit({ category }),

    step(step: 0 | 1 | 2): void {
      store.set({ screen: { name: 'new', step }, faults: {}, problem: null });
    },

    /** What is amiss with a step, by field. */
    object: (faults: Record<string, string>) => store.set({ faults }),

    challenge: api.challenge,

    /** Files the request; `send` adds what the server wants of a visitor. */
    async file(send: Filing = (post) => post({})): Promise<void> {
      const { draft, requester, sending } = store.get();
      if (sending) return;
      const body = draft.sealed ?? bodyOf(draft, site, requester, words.language, () => pageContext(words.language, needs.context));
      store.set({ sending: true, problem: null, draft: { ...draft, sealed: body } });
      save('draft', { sealed: body });
      try {
        const ticket = await insist(() => send((more) => api.open({ ...(body as object), ...more }, draft.key)));
        drafts.dropDraft();
        const fresh = { ...emptyDraft(), email: draft.email };
        store.set({ sending: false, draft: fresh, reply: emptyReply(), faults: {}, ...shown(ticket, true) });
        announce('ticket-created', { id: ticket.id, number: ticket.number });
      } catch (error) {
        if (gone(error)) return;
        const wrong = faultsOf(error);
        const back = Object.keys(wrong).some((name) => /^(title|body|category|attachments|fields\..*)$/.test(name));
        store.set({
          sending: false,
          faults: wrong,
          // What was refused is mended first, and never sent by itself.
          problem: problemOf(error, (error as ApiError).passing ? () => void actions.file(send) : null),
          ...(back ? { screen: { name: 'new', step: 1 } as Screen } : {}),
        });
      }
    },

    show(id: string): Promise<void> {
      if (!here(id)) {
        actions.go({ name: 'ticket', id, ticket: null, filed: false, read: 0 });
        store.set({ reply: drafts.reply(id), replying: going.has(id) ? 'sending' : null });
      }
      return attempt(async () => {
        const ticket = await api.ticket(id);
        return here(id) ? shown(ticket) : {};
      });
    },

    /** Reads an open request again, unnoticed. */
    async refresh(id: string): Promise<void> {
      const ticket = await api.ticket(id);
      if (here(id)) store.set(shown(ticket));
    },

    write(change: Partial<Reply>): void {
      store.set({ reply: { ...store.get().reply, ...change, key: newKey() } });
      save('reply');
    },

    async send(): Promise<void> {
      const { screen, reply, replying } = store.get();
      const files = reply.files.flatMap((file) => (file.id ? [file.id] : []));
      if (screen.name !== 'ticket' || replying === 'sending' || (!reply.body.trim() && !files.length)) return;
      const { id } = screen;
      store.set({ replying: 'sending', problem: null });
      going.add(id);
      try {
        const { ticket } = await insist(() => api.reply(id, { body: reply.body, attachments: files }, reply.key));
        drafts.dropReply(id);
        if (!here(id)) return;
        // Files added meanwhile are the next one's.
        const added = store.get().reply.files.filter((file) => reply.files.every(({ key }) => key !== file.key));
        store.set({ replying: null, reply: { ...emptyReply(), files: added }, ...shown(ticket) });
        save('reply');
      } catch (error) {
        if (!gone(error) && here(id)) store.set({ replying: 'failed', problem: problemOf(error, () => void actions.send()) });
      } finally {
        going.delete(id);
      }
    },

    /** Takes a reply that did not arrive back into the composer. */
    rewrite: () => store.set({ replying: null, problem: null }),

    close: (id: string) =>
      attempt(async () => {
        const ticket = await api.close(id);
        toast(words.t('ticket.closed'), () => void actions.reopen(id));
        return changed(id, ticket);
      }),

    reopen: (id: string) =>
      attempt(async () => {
        store.set({ toast: null });
        return changed(id, await api.reopen(id));
      }),

    rate: (id: string, good: boolean, comment: string) => attempt(async () => changed(id, await api.rate(id, good, comment))),

    notify: (id: string, notify: boolean) => attempt(async () => changed(id, await api.notify(id, notify))),

    /** Somebody found the answer: nothing is sent, and the draft is gone. */
    leave(): void {
      drafts.dropDraft();
      store.set({ draft: emptyDraft() });
      actions.home();
    },
  };
  return actions;
}
