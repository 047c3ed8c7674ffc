/** Everything a person can do. Views call these and nothing else; only here store and wire meet. */
import type { Site } from '../site';
import { newKey, type Api } from './api';
import { createDrafts, emptyDraft, emptyReply } from './drafts';
import { ApiError, OFFLINE } from './errors';
import { check } from './forms';
import type { Words } from './i18n';
import type { Identity, Session } from './session';
import type { Draft, PanelState, Problem, Reply, Screen } from './state';
import type { Kept } from './storage';
import type { Store } from './store';
import type { State, Ticket } from './types';
import { createUploads } from './uploads';

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

/** Seconds between tries while the network is away; `online` cuts the wait short. */
const BACKOFF = [1, 2, 4, 8, 15];
const UNDO_MS = 10_000;

export function createActions(needs: Needs) {
  const { site, store, api, session, kept, words, announce } = needs;
  const drafts = createDrafts(kept);
  const uploads = createUploads({ site, store, api, words, save });
  let toastTimer = 0;

  function save(): void {
    const { draft, reply, screen } = store.get();
    drafts.keepDraft(draft);
    if (screen.name === 'ticket') drafts.keepReply(screen.id, reply);
  }

  function problemOf(error: unknown, retry: (() => void) | null = null): Problem {
    const code = error instanceof ApiError ? error.code : 'internal_error';
    const known = words.t(`error.${code}`);
    const seconds = error instanceof ApiError ? error.retryAfter : null;
    return {
      code,
      text: known === `error.${code}` ? words.t('error.internal_error') : known,
      until: seconds ? Date.now() + seconds * 1000 : null,
      retry,
    };
  }

  async function attempt(task: () => Promise<Partial<PanelState> | void>): Promise<void> {
    store.set({ loading: true, problem: null });
    try {
      store.set({ loading: false, ...(await task()) });
    } catch (error) {
      store.set({ loading: false, problem: problemOf(error, () => void attempt(task)) });
    }
  }

  /** Sends until the server has answered: a network that drops is waited for, a refusal is shown. */
  async function deliver<T>(act: () => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries += 1) {
      try {
        return await act();
      } catch (error) {
        if (!(error instanceof ApiError) || !error.passing || tries >= 40) throw error;
        const again = new AbortController();
        store.set({ problem: { ...problemOf(new ApiError(OFFLINE, 0)), retry: () => again.abort() } });
        await pause(BACKOFF[Math.min(tries, BACKOFF.length - 1)]! * 1000, again.signal);
        store.set({ problem: null });
      }
    }
  }

  function faultsOf(error: unknown): Record<string, string> {
    if (!(error instanceof ApiError)) return {};
    const faults: Record<string, string> = {};
    for (const [name, messages] of Object.entries(error.fields ?? {})) {
      if (name === 'fields') for (const key of Object.keys(messages as object)) faults[`fields.${key}`] = words.t('fault.look');
      else faults[name] = words.t(name === 'email' ? 'fault.email' : 'fault.look');
    }
    return faults;
  }

  async function begin(): Promise<void> {
    await session.token();
    const fresh = session.fresh;
    session.fresh = null;
    const home = fresh?.home ?? (await api.home());
    const draft = drafts.draft();
    if (session.requester?.email && !draft.email) draft.email = session.requester.email;
    store.set({ home, requester: session.requester, draft });
    needs.badge(home.unread);
  }

  function forget(): void {
    store.set({
      home: null,
      requester: null,
      draft: emptyDraft(),
      reply: emptyReply(),
      screen: { name: 'home' },
      problem: null,
      faults: {},
      toast: null,
    });
    needs.badge(0);
  }

  function shown(ticket: Ticket, filed = false): Partial<PanelState> {
    const { screen, home } = store.get();
    const same = screen.name === 'ticket' && screen.id === ticket.id;
    const rows = home?.tickets.filter((row) => row.id !== ticket.id) ?? [];
    const before = home?.tickets.find((row) => row.id === ticket.id);
    const unread = Math.max(0, (home?.unread ?? 0) - (before?.unread ? 1 : 0));
    needs.badge(unread);
    const counts = { ...home?.counts } as Record<State, number>;
    if (before) counts[before.state] -= 1;
    if (before || filed) counts[ticket.state] += 1;
    return {
      screen: { name: 'ticket', id: ticket.id, ticket, filed: filed || (same && screen.filed) },
      home: home && { ...home, unread, counts, tickets: [{ ...ticket, unread: false }, ...rows].sort((a, b) => (a.updated_at < b.updated_at ? 1 : -1)) },
    };
  }

  function toast(text: string, undo: (() => void) | null = null): void {
    clearTimeout(toastTimer);
    store.set({ toast: { text, undo } });
    toastTimer = window.setTimeout(() => store.set({ toast: null }), UNDO_MS);
  }

  const actions = {
    uploads,
    problemOf,
    forget,

    /** Show the panel: who is there is asked before anything of theirs is drawn. */
    start: () =>
      attempt(async () => {
        const before = session.requester?.id;
        session.doubt();
        await session.token();
        if (before && before !== session.requester?.id) forget();
        if (!store.get().home) await begin();
      }),

    identify(identity: Identity): void {
      session.identify(identity);
      forget();
      if (store.get().open) void actions.start();
    },

    logout(): void {
      session.leave();
      session.identify(null);
      forget();
      if (store.get().open) void actions.start();
    },

    go(screen: Screen): void {
      save();
      store.set({ screen, problem: null, faults: {} });
    },

    home: () => {
      actions.go({ name: 'home' });
      if (!store.get().home) void actions.start();
    },

    list: (filter: { state: State | ''; q: string }) => {
      store.set({ filter });
      return attempt(async () => ({ home: await api.home(filter) }));
    },

    more: () =>
      attempt(async () => {
        const { home, filter } = store.get();
        if (!home?.next) return {};
        const page = await api.home({ ...filter, before: home.next });
        return { home: { ...page, tickets: [...home.tickets, ...page.tickets] } };
      }),

    compose(): void {
      actions.go({ name: 'new', step: 0 });
    },

    edit(change: Partial<Draft>): void {
      const faults = { ...store.get().faults };
      for (const name of Object.keys(change)) delete faults[name];
      store.set({ draft: { ...store.get().draft, ...change, key: newKey() }, faults });
      save();
    },

    answer(key: string, value: string): void {
      const { [`fields.${key}`]: _, ...faults } = store.get().faults;
      actions.edit({ fields: { ...store.get().draft.fields, [key]: value } });
      store.set({ faults });
    },

    pick(category: string): void {
      actions.edit({ category });
    },

    step(step: 0 | 1 | 2): void {
      const { draft, screen, requester } = store.get();
      const forward = screen.name === 'new' && step > screen.step;
      const faults = forward ? check(site, draft, step === 1 ? 0 : 1, requester, words) : {};
      if (Object.keys(faults).length) store.set({ faults });
      else store.set({ screen: { name: 'new', step }, faults: {}, problem: null });
    },

    async file(): Promise<void> {
      const { draft, requester, sending } = store.get();
      const faults = check(site, draft, 2, requester, words);
      if (sending || Object.keys(faults).length) return store.set({ faults });
      const body = {
        category: draft.category,
        title: draft.title,
        body: draft.body,
        email: requester?.kind === 'visitor' ? draft.email : null,
        notify: draft.notify,
        attachments: draft.files.flatMap((file) => (file.id ? [file.id] : [])),
        fields: draft.fields,
        context: draft.context ? { ...pageContext(words.language), ...(Object.keys(needs.context).length ? { host: needs.context } : {}) } : null,
        locale: words.language,
      };
      store.set({ sending: true, problem: null });
      try {
        const ticket = await deliver(() => api.open(body, draft.key));
        drafts.dropDraft();
        const fresh = { ...emptyDraft(), email: draft.email };
        store.set({ sending: false, draft: fresh, reply: emptyReply(), faults: {}, ...shown(ticket, true) });
        announce('ticket-created', { id: ticket.id, number: ticket.number });
      } catch (error) {
        const wrong = faultsOf(error);
        const back = Object.keys(wrong).some((name) => name !== 'email') && 'title body category attachments'.split(' ').some((name) => name in wrong);
        store.set({
          sending: false,
          faults: wrong,
          problem: problemOf(error, () => void actions.file()),
          ...(back ? { screen: { name: 'new', step: 1 } as Screen } : {}),
        });
      }
    },

    show(id: string): Promise<void> {
      const { screen } = store.get();
      if (screen.name !== 'ticket' || screen.id !== id) {
        actions.go({ name: 'ticket', id, ticket: null, filed: false });
        store.set({ reply: drafts.reply(id) });
      }
      return attempt(async () => {
        const ticket = await api.ticket(id);
        const now = store.get().screen;
        return now.name === 'ticket' && now.id === id ? shown(ticket) : {};
      });
    },

    write(change: Partial<Reply>): void {
      store.set({ reply: { ...store.get().reply, ...change, key: newKey() } });
      save();
    },

    async send(): Promise<void> {
      const { screen, reply, sending } = store.get();
      const files = reply.files.flatMap((file) => (file.id ? [file.id] : []));
      if (screen.name !== 'ticket' || sending || (!reply.body.trim() && !files.length)) return;
      store.set({ sending: true, problem: null });
      try {
        const { ticket } = await deliver(() => api.reply(screen.id, { body: reply.body, attachments: files }, reply.key));
        drafts.dropReply(screen.id);
        store.set({ sending: false, reply: emptyReply(), ...shown(ticket) });
      } catch (error) {
        store.set({ sending: false, problem: problemOf(error, () => void actions.send()) });
      }
    },

    close: (id: string) =>
      attempt(async () => {
        const ticket = await api.close(id);
        toast(words.t('ticket.closed'), () => void actions.reopen(id));
        return shown(ticket);
      }),

    reopen: (id: string) =>
      attempt(async () => {
        store.set({ toast: null });
        return shown(await api.reopen(id));
      }),

    notify: (id: string, notify: boolean) => attempt(async () => shown(await api.notify(id, notify))),

    suggest: (body: unknown, signal: AbortSignal) => api.suggest(body, signal),
    dismiss: () => store.set({ toast: null }),
    toast,
  };
  return actions;
}

function pageContext(language: string): Record<string, string> {
  return {
    url: location.href.slice(0, 2000),
    title: document.title.slice(0, 500),
    browser: navigator.userAgent.slice(0, 500),
    viewport: `${innerWidth}×${innerHeight}`,
    language,
  };
}

/** Waits, but not longer than until the network is back or somebody asks. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      removeEventListener('online', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener('online', done);
    signal.addEventListener('abort', done);
  });
}
