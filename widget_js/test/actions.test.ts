import { beforeEach, expect, test, vi } from 'vitest';
import es from '../locales/es.json';
import { createActions } from '../src/panel/actions';
import type { Api } from '../src/panel/api';
import { createDrafts } from '../src/panel/drafts';
import { ApiError, offline } from '../src/panel/errors';
import { createWords } from '../src/panel/i18n';
import type { Session } from '../src/panel/session';
import { blank, type PanelState } from '../src/panel/state';
import { createStorage, type Kept } from '../src/panel/storage';
import { createStore, type Store } from '../src/panel/store';
import type { Ticket } from '../src/panel/types';
import type { Site } from '../src/site';

const site = { key: 'k', server: 'https://help.example', categories: [], limits: { files: 3, file_bytes: 100, title: 200, body: 10_000 } } as unknown as Site;
const row = { number: 7, title: 'Hola', state: 'waiting', progress: 0, category: null, opened_at: '2026-01-01T00:00:00Z', unread: false } as const;
const ticket = (id: string, more: Partial<Ticket> = {}): Ticket =>
  ({ ...row, id, updated_at: '2026-01-01T00:00:00Z', thread: [], checklist: [], fields: [], files: [], ...more }) as Ticket;
const empty = { tickets: [], next: null, unread: 0, counts: { waiting: 0, in_progress: 0, completed: 0 }, updates: '3' };

let store: Store<PanelState>;
let kept: Kept;
let api: { [name in keyof Api]: ReturnType<typeof vi.fn> };
let session: { era: number; asks: boolean; keeps: boolean; token: () => Promise<string>; doubt(): void; requester: unknown; fresh: unknown };
const announce = vi.fn();

/** No document, no window: what a person can do needs neither. */
function acts() {
  kept = createStorage('k', null);
  store = createStore<PanelState>({ ...blank(), open: true, checking: false, online: true });
  session = { era: 0, asks: false, keeps: true, token: () => Promise.resolve('t'), doubt: () => {}, requester: { kind: 'visitor' }, fresh: empty };
  const names = 'home ticket open reply close reopen notify suggest discard updates upload'.split(' ');
  api = Object.fromEntries(names.map((name) => [name, vi.fn()])) as typeof api;
  return createActions({
    site,
    store,
    api: api as unknown as Api,
    session: session as unknown as Session,
    kept,
    words: createWords('es', es),
    context: {},
    announce,
    badge: () => {},
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('addEventListener', () => {});
  vi.stubGlobal('removeEventListener', () => {});
  announce.mockClear();
});

test('a fresh session brings the list with it', async () => {
  await acts().start();
  expect(api.home).not.toHaveBeenCalled();
  expect([store.get().home, store.get().cursor]).toEqual([empty, '3']);
});

test('a server of an earlier version, which does not say where news go on, is asked for all', async () => {
  const actions = acts();
  session.fresh = { ...empty, updates: undefined };
  await actions.start();
  expect(store.get().cursor).toBe('-1');
});

test('a request that the network drops is sent again under the same key', async () => {
  const actions = acts();
  await actions.start();
  actions.edit({ title: 'Hola', body: 'Qué tal', context: false });
  api.open.mockRejectedValueOnce(offline()).mockRejectedValueOnce(new ApiError('unavailable', 503)).mockResolvedValueOnce(ticket('a'));
  const filed = actions.file();
  await vi.advanceTimersByTimeAsync(500);
  expect([store.get().problem?.code, store.get().sending]).toEqual(['offline', true]);
  await vi.advanceTimersByTimeAsync(10_000);
  await filed;
  expect(new Set(api.open.mock.calls.map(([body, key]) => JSON.stringify([body, key]))).size).toBe(1);
  expect(api.open).toHaveBeenCalledTimes(3);
  expect(store.get().screen).toMatchObject({ name: 'ticket', id: 'a', filed: true });
  expect(announce).toHaveBeenCalledWith('ticket-created', { id: 'a', number: 7 });
  expect(kept.get('draft')).toBeNull();
});

test('after a reload the very same request is sent under the very same key', async () => {
  const actions = acts();
  await actions.start();
  actions.edit({ title: 'Hola', body: 'Qué tal', context: false });
  api.open.mockRejectedValue(offline());
  void actions.file();
  await vi.advanceTimersByTimeAsync(0);
  const [body, key] = api.open.mock.calls[0]!;
  expect(createDrafts(kept, session).draft()).toMatchObject({ key, sealed: body });
});

test('a changed request is another request', async () => {
  const actions = acts();
  const keys = ['uno', 'dos'].map((title) => (actions.edit({ title }), store.get().draft.key));
  expect(new Set(keys).size).toBe(2);
});

test('what the server refuses is shown by field and not sent again', async () => {
  const actions = acts();
  actions.edit({ title: 'Hola', body: 'x', context: false });
  api.open.mockRejectedValue(new ApiError('invalid', 422, { email: ['bad'] }));
  await actions.file();
  expect(api.open).toHaveBeenCalledTimes(1);
  expect(store.get().faults.email).toBe(es['fault.email']);
});

test('a reply that fails stays, with a retry under its key', async () => {
  const actions = acts();
  api.ticket.mockResolvedValue(ticket('a'));
  await actions.show('a');
  actions.write({ body: 'Sigue igual' });
  api.reply.mockRejectedValueOnce(new ApiError('rate_limited', 429, {}, 5));
  await actions.send();
  expect([store.get().replying, store.get().reply.body]).toEqual(['failed', 'Sigue igual']);
  api.reply.mockResolvedValueOnce({ ticket: ticket('a') });
  store.get().problem!.retry!();
  await vi.advanceTimersByTimeAsync(0);
  expect(new Set(api.reply.mock.calls.map(([, , key]) => key)).size).toBe(1);
  expect([store.get().replying, store.get().reply.body]).toEqual([null, '']);
});

test('nothing begun by one person is sent for the next', async () => {
  const actions = acts();
  actions.edit({ title: 'Hola', body: 'x', context: false });
  api.open.mockRejectedValue(offline());
  const filed = actions.file();
  await vi.advanceTimersByTimeAsync(0);
  session.era += 1;
  await vi.advanceTimersByTimeAsync(60_000);
  await filed;
  expect(api.open).toHaveBeenCalledTimes(1);
});

test('while the page is asked who is there, nothing of anyone is shown', async () => {
  const actions = acts();
  session.asks = true;
  let answer!: (token: string) => void;
  const asked = new Promise<string>((resolve) => (answer = resolve));
  session.token = () => asked;
  const started = actions.start();
  expect(store.get().checking).toBe(true);
  answer('t');
  await started;
  expect(store.get().checking).toBe(false);
});

test('another person finds nothing of the former one', async () => {
  const actions = acts();
  await actions.start();
  actions.edit({ title: 'secreto' });
  actions.forget();
  expect(store.get()).toMatchObject({ home: null, requester: null, cursor: '-1', screen: { name: 'home' }, draft: { title: '' } });
});

const asking = (): void => {
  Object.assign(site, { categories: [{ id: 'order', icon: '', name: {}, fields: [{ key: 'order', type: 'order', label: {} }] }, { id: 'bug', icon: '', name: {} }] });
};

test('what another category asked for is not sent with this one', async () => {
  asking();
  const actions = acts();
  await actions.start();
  api.open.mockResolvedValue(ticket('a'));
  const sent = [];
  for (const [category, order] of [['order', '12'], ['bug', '12'], ['order', '']] as const) {
    actions.edit({ category, title: 'Hola', body: 'Qué tal', context: false });
    actions.answer('order', order);
    await actions.file();
    sent.push((api.open.mock.lastCall![0] as { fields: object }).fields);
  }
  expect(sent).toEqual([{ order: '12' }, {}, {}]);
});

test('who is refused for what a category asks is led back to it', async () => {
  const actions = acts();
  await actions.start();
  actions.compose();
  actions.step(2);
  actions.edit({ context: false });
  api.open.mockRejectedValueOnce(new ApiError('invalid', 422, { 'fields.order': ['No.'] }));
  await actions.file();
  expect(store.get().screen).toMatchObject({ name: 'new', step: 1 });
});

test('an answer to a field mends the fault of that field and no other', async () => {
  const actions = acts();
  await actions.start();
  actions.object({ 'fields.order': 'No.', 'fields.url': 'No.', title: 'No.' });
  actions.answer('order', '12');
  expect(store.get().faults).toEqual({ 'fields.url': 'No.', title: 'No.' });
});

test('what was kept is not lost to who is quicker than the list', async () => {
  const actions = acts();
  kept.set('draft', { title: 'Kept', body: 'Of yesterday' });
  actions.compose();
  expect(kept.get('draft')).toMatchObject({ title: 'Kept' });
  actions.edit({ title: 'From the page' });
  await actions.start();
  expect(store.get().draft).toMatchObject({ title: 'From the page', body: 'Of yesterday' });
});

test('moving about in one tab writes nothing over what another has kept', async () => {
  const actions = acts();
  await actions.start();
  kept.set('draft', { title: 'Of the other tab' });
  kept.set('reply:a', { body: 'Of the other tab' });
  api.ticket.mockResolvedValue(ticket('a'));
  await actions.show('a');
  actions.home();
  actions.compose();
  expect([kept.get('draft'), kept.get('reply:a')]).toEqual([{ title: 'Of the other tab' }, { body: 'Of the other tab' }]);
});

test('coming back to a request whose reply is under way finds it under way', async () => {
  const actions = acts();
  await actions.start();
  api.ticket.mockResolvedValue(ticket('a'));
  await actions.show('a');
  actions.write({ body: 'Un detalle' });
  let arrive: (answer: unknown) => void = () => {};
  api.reply.mockReturnValue(new Promise((resolve) => (arrive = resolve)));
  const sent = actions.send();
  actions.home();
  await actions.show('a');
  expect([store.get().replying, store.get().reply.body]).toEqual(['sending', 'Un detalle']);
  arrive({ ticket: ticket('a') });
  await sent;
  expect([store.get().replying, store.get().reply.body]).toEqual([null, '']);
});

test('what is done to one request does not bring back who has gone on to another', async () => {
  const actions = acts();
  await actions.start();
  api.ticket.mockImplementation(async (id: string) => ticket(id));
  await actions.show('a');
  await actions.show('b');
  actions.write({ body: 'Para b' });
  for (const act of [actions.close, actions.reopen, (id: string) => actions.notify(id, false)]) {
    api.close.mockResolvedValue(ticket('a'));
    api.reopen.mockResolvedValue(ticket('a'));
    api.notify.mockResolvedValue(ticket('a'));
    await act('a');
    expect(store.get().screen).toMatchObject({ name: 'ticket', id: 'b' });
  }
  expect([kept.get('reply:a'), kept.get<{ body: string }>('reply:b')?.body]).toEqual([null, 'Para b']);
});

test('what is written in one tab overwrites only what it is', async () => {
  const actions = acts();
  await actions.start();
  api.ticket.mockResolvedValue(ticket('a'));
  await actions.show('a');
  kept.set('draft', { title: 'Of the other tab' });
  actions.write({ body: 'Un detalle' });
  expect(kept.get('draft')).toEqual({ title: 'Of the other tab' });
  kept.set('reply:a', { body: 'Of the other tab' });
  actions.edit({ title: 'Hola' });
  expect(kept.get('reply:a')).toEqual({ body: 'Of the other tab' });
});

test('a file that is quicker than the list takes nothing from what was kept', async () => {
  const actions = acts();
  kept.set('draft', { title: 'Kept', body: 'Of yesterday' });
  api.upload.mockResolvedValue({ id: 'f', name: 'a.png' });
  actions.uploads.add('draft', [new File(['x'], 'a.png')]);
  await vi.advanceTimersByTimeAsync(0);
  expect(kept.get('draft')).toMatchObject({ title: 'Kept', body: 'Of yesterday', files: [{ id: 'f' }] });
});

test('whom the page names while another is asked for is not told that somebody else came', async () => {
  const actions = acts();
  let refuse: (error: Error) => void = () => {};
  session.token = () => new Promise((_, reject) => (refuse = reject));
  const first = actions.start();
  session.token = () => Promise.resolve('t');
  await actions.start();
  refuse(new ApiError('identity_changed', 401));
  await first;
  expect([store.get().problem, store.get().home]).toEqual([null, empty]);
});

test('who is found to be there goes on with their own list, whatever somebody else was doing', async () => {
  const actions = acts();
  await actions.start();
  const left = (): never => {
    actions.forget();
    session.fresh = empty;
    throw new ApiError('identity_changed', 401);
  };
  for (const name of ['ticket', 'open', 'reply'] as const) api[name].mockImplementation(left);
  const screen = { name: 'ticket', id: 'a', ticket: ticket('a'), filed: false, read: 0 } as const;
  store.set({ screen, reply: { ...store.get().reply, body: 'Hola' } });
  const file = () => {
    actions.edit({ title: 'Hola', body: 'x', context: false });
    return actions.file();
  };
  for (const act of [actions.send, file, () => actions.show('a')]) {
    await act();
    await vi.advanceTimersByTimeAsync(0);
    expect(store.get()).toMatchObject({ screen: { name: 'home' }, home: empty, problem: null, sending: false, loading: false });
  }
});

test('another page of the list leaves out nothing that came meanwhile and shows nothing twice', async () => {
  const actions = acts();
  session.fresh = { ...empty, tickets: [ticket('b', { updated_at: '2026-01-05T00:00:00Z' })], next: 'more' };
  await actions.start();
  api.ticket.mockResolvedValue(ticket('old', { updated_at: '2026-01-02T00:00:00Z' }));
  await actions.show('old');
  let arrive: (page: unknown) => void = () => {};
  api.home.mockReturnValue(new Promise((resolve) => (arrive = resolve)));
  const more = actions.more();
  store.set({ home: { ...store.get().home!, tickets: [ticket('new', { updated_at: '2026-01-06T00:00:00Z' }), ...store.get().home!.tickets] } });
  arrive({ ...empty, tickets: [ticket('c', { updated_at: '2026-01-03T00:00:00Z' }), ticket('old', { updated_at: '2026-01-02T00:00:00Z' })] });
  await more;
  expect(store.get().home?.tickets.map((each) => each.id)).toEqual(['new', 'b', 'c', 'old']);
});

test('another page of a list that was filtered meanwhile is not put under it', async () => {
  const actions = acts();
  session.fresh = { ...empty, tickets: [ticket('a')], next: 'more' };
  await actions.start();
  let arrive: (page: unknown) => void = () => {};
  api.home.mockReturnValueOnce(new Promise((resolve) => (arrive = resolve)));
  const more = actions.more();
  api.home.mockResolvedValueOnce({ ...empty, tickets: [ticket('done', { state: 'completed' })] });
  await actions.list({ state: 'completed', q: '' });
  arrive({ ...empty, tickets: [ticket('b')] });
  await more;
  expect(store.get().home?.tickets.map((each) => each.id)).toEqual(['done']);
});

test('what was refused is mended first and never sent again by itself', async () => {
  const actions = acts();
  await actions.start();
  actions.edit({ title: 'Hola', body: 'x', context: false });
  api.open.mockRejectedValue(new ApiError('invalid', 422, { title: ['bad'] }));
  await actions.file();
  expect(store.get().problem).toMatchObject({ code: 'invalid', retry: null });
  // A network that stayed away for all tries is another matter.
  api.open.mockRejectedValue(offline());
  const filed = actions.file();
  await vi.advanceTimersByTimeAsync(3_600_000);
  await filed;
  expect(store.get()).toMatchObject({ sending: false, problem: { code: 'offline', retry: expect.any(Function) } });
});

test('a request on its way is looked at where it was sent', async () => {
  const actions = acts();
  await actions.start();
  actions.edit({ title: 'Hola', body: 'x', context: false });
  let arrive: (made: Ticket) => void = () => {};
  api.open.mockReturnValue(new Promise((resolve) => (arrive = resolve)));
  const filed = actions.file();
  actions.home();
  actions.compose();
  expect(store.get().screen).toEqual({ name: 'new', step: 2 });
  arrive(ticket('a'));
  await filed;
  actions.compose();
  expect(store.get().screen).toEqual({ name: 'new', step: 0 });
});

test('a file added while a reply is on its way is the next one’s', async () => {
  const actions = acts();
  await actions.start();
  api.ticket.mockResolvedValue(ticket('a'));
  api.upload.mockImplementation(async (file: File) => ({ id: file.name, name: file.name }));
  await actions.show('a');
  actions.uploads.add('reply', [new File(['x'], 'sent.png')]);
  await vi.advanceTimersByTimeAsync(0);
  let arrive: (answer: unknown) => void = () => {};
  api.reply.mockReturnValue(new Promise((resolve) => (arrive = resolve)));
  const sent = actions.send();
  actions.uploads.add('reply', [new File(['x'], 'added.png')]);
  await vi.advanceTimersByTimeAsync(0);
  arrive({ ticket: ticket('a') });
  await sent;
  expect(api.reply.mock.calls[0]![1]).toMatchObject({ attachments: ['sent.png'] });
  expect(store.get().reply.files.map((each) => each.id)).toEqual(['added.png']);
  expect(createDrafts(kept, session).reply('a').files.map((each) => each.id)).toEqual(['added.png']);
});

test('of a file that the network dropped nobody says that it goes on by itself', async () => {
  const actions = acts();
  await actions.start();
  api.upload.mockRejectedValueOnce(offline()).mockRejectedValueOnce(new ApiError('too_large', 413));
  actions.uploads.add('draft', [new File(['x'], 'a.png'), new File(['x'], 'b.png')]);
  await vi.advanceTimersByTimeAsync(0);
  const [lost, large] = store.get().draft.files.map((each) => each.problem);
  expect(lost).toBe(es.offline);
  expect(large).toContain('demasiado grande: hasta 1');
});
