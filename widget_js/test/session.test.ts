// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from 'vitest';
import { createApi } from '../src/panel/api';
import { createDrafts } from '../src/panel/drafts';
import { Session } from '../src/panel/session';
import { emptyDraft } from '../src/panel/state';
import { createStorage } from '../src/panel/storage';
import type { Site } from '../src/site';

const site = { key: 'k', server: 'https://help.example' } as unknown as Site;
const jwt = (sub: string) => `x.${btoa(JSON.stringify({ sub }))}.y`;
const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });

let exchanges: number;
let tickets: Response[];
let changed = vi.fn<() => void>();
beforeEach(() => {
  exchanges = 0;
  tickets = [];
  changed = vi.fn<() => void>();
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    if (url.endsWith('/sessions') && init.method === 'POST') {
      exchanges += 1;
      return answer(201, { token: `t${exchanges}`, requester: { id: 'r' }, home: {}, updates: '0' });
    }
    return tickets.shift() ?? answer(200, {});
  });
});

function made(kept = createStorage('k', null)) {
  const session = new Session({ site, language: 'es', identityUrl: () => null, person: () => undefined, early: null, asked: null, kept, changed });
  return { session, kept, api: createApi(site, session, 'es') };
}

const expired = () => answer(401, { error: { code: 'token_expired', message: '' } });

test('an expired session is renewed and the request sent again', async () => {
  const { api } = made();
  tickets = [expired(), answer(200, { id: 'a' })];
  expect(await api.ticket('a')).toEqual({ id: 'a' });
  expect(exchanges).toBe(2);
});

test('a session that stays refused is not renewed for ever', async () => {
  const { api } = made();
  tickets = [expired(), expired(), expired()];
  await expect(api.ticket('a')).rejects.toMatchObject({ code: 'token_expired' });
  expect(exchanges).toBe(2);
});

test('when renewing finds somebody else, the request is dropped and the former person forgotten', async () => {
  const { api, session, kept } = made();
  let sub = 'ada';
  session.identify(() => jwt(sub));
  await session.token();
  kept.set('draft', { title: 'secreto' });
  sub = 'bruno';
  tickets = [expired()];
  await expect(api.open({}, 'key-of-ada')).rejects.toMatchObject({ code: 'identity_changed' });
  expect(kept.get('draft')).toBeNull();
  expect(changed).toHaveBeenCalledOnce();
});

test('drafts of an expired session do not meet the next person', async () => {
  const { session, kept } = made();
  session.identify(jwt('ada'));
  await session.token();
  kept.set('draft', { title: 'secreto' });
  kept.set('session', { ...kept.get<object>('session'), token: null });
  await made(kept).session.token();
  expect(kept.get('draft')).toBeNull();
});

test('an answer that comes after the page named somebody else is not used', async () => {
  const { session } = made();
  const first = session.token();
  session.identify(jwt('ada'));
  await first.catch(() => {});
  await session.token();
  expect(session.era).toBeLessThanOrEqual(1);
  expect(JSON.stringify(session.requester)).toBe('{"id":"r"}');
});

test('what the loader asked for early is used for whom it was asked for, and for nobody else', async () => {
  const opened = () => Promise.resolve(answer(201, { token: 'early', requester: { id: 'r' }, home: {}, updates: '0' }));
  const begun = (by: string | null) =>
    new Session({ site, language: 'es', identityUrl: () => null, person: () => undefined, early: { by, answer: opened() }, asked: null, kept: createStorage('k', null), changed });
  const tokens = [];
  for (const [by, said] of [[null, undefined], [jwt('ada'), jwt('ada')], [jwt('ada'), jwt('bruno')], [jwt('ada'), null], [null, jwt('ada')]] as const) {
    const session = begun(by);
    if (said !== undefined) session.identify(said);
    tokens.push(await session.token());
  }
  expect(tokens).toEqual(['early', 'early', 't1', 't2', 't3']);
});

test('what was asked for early is used once', async () => {
  const early = { by: null, answer: Promise.resolve(answer(201, { token: 'early', requester: { id: 'r' }, home: {}, updates: '0' })) };
  const session = new Session({ site, language: 'es', identityUrl: () => null, person: () => undefined, early, asked: null, kept: createStorage('k', null), changed });
  expect([await session.token(), await session.renew('early')]).toEqual(['early', 't1']);
});

test('a page whose function finds no token has a visitor', async () => {
  for (const nobody of [undefined, null]) {
    const { session, kept } = made();
    session.identify(async () => nobody as unknown as string);
    await session.token();
    expect(kept.get<{ who: string }>('session')?.who).toBe('guest');
  }
});

test('a tab whose session another tab has replaced goes on with that one, and keeps what it proved', async () => {
  const kept = createStorage('k', null);
  const first = made(kept).session;
  const token = await first.token();
  const second = made(kept).session;
  await second.token();
  second.adopt({ token: 'proven', requester: { id: 'p' } as never, home: {} as never });
  changed.mockClear();
  expect(await first.renew(token)).toBe('proven');
  expect([kept.get<{ token: string }>('session')?.token, first.requester?.id, changed.mock.calls.length]).toEqual(['proven', 'p', 1]);
});

test('a tab that showed one person draws nothing of theirs once another has come in a second tab', async () => {
  const kept = createStorage('k', null);
  let sub = 'ada';
  const first = made(kept).session;
  first.identify(() => jwt(sub));
  await first.token();
  const { era } = first;
  sub = 'bruno';
  const second = made(kept).session;
  second.identify(() => jwt(sub));
  await second.token();
  changed.mockClear();
  first.doubt();
  await first.token();
  expect([changed.mock.calls.length, first.era]).toEqual([1, era + 1]);
});

test('a person who left in another tab is gone here, too', async () => {
  const kept = createStorage('k', null);
  let who: string | null = jwt('ada');
  const first = made(kept).session;
  first.identify(() => who);
  await first.token();
  const second = made(kept).session;
  await second.token();
  changed.mockClear();
  who = null;
  first.doubt();
  await first.token();
  expect(changed).toHaveBeenCalledOnce();
});

test('asked again by the same person, nothing is drawn anew', async () => {
  const { session } = made();
  session.identify(() => jwt('ada'));
  await session.token();
  changed.mockClear();
  session.doubt();
  await session.token();
  expect(changed).not.toHaveBeenCalled();
});

test('what was asked for one person is neither sent nor shown once another is there', async () => {
  const { api, session } = made();
  session.identify(() => jwt('ada'));
  await session.token();
  const asked = api.home();
  session.leave();
  session.identify(null);
  await expect(asked).rejects.toMatchObject({ code: 'identity_changed' });

  let name: (token: string) => void = () => {};
  await session.token();
  session.identify(() => new Promise((resolve) => (name = resolve)));
  const sent = vi.fn<(url: string, init: RequestInit) => Promise<Response>>(globalThis.fetch as never);
  vi.stubGlobal('fetch', sent);
  const filed = api.open({}, 'key-of-the-visitor');
  name(jwt('bruno'));
  await expect(filed).rejects.toMatchObject({ code: 'identity_changed' });
  expect(sent.mock.calls.filter(([url]) => url.endsWith('/tickets'))).toEqual([]);
});

test('a visitor who left in another tab is gone here, too', async () => {
  const kept = createStorage('k', null);
  const first = made(kept).session;
  const token = await first.token();
  const second = made(kept).session;
  await second.token();
  second.leave();
  changed.mockClear();
  await first.renew(token);
  expect(changed).toHaveBeenCalledOnce();
});

test('a visitor who left in another tab a moment ago, where another is being asked for, is gone here, too', async () => {
  const kept = createStorage('k', null);
  const first = made(kept).session;
  const token = await first.token();
  kept.wipe();
  kept.set('session', { who: 'guest', token: null, requester: null });
  changed.mockClear();
  await first.renew(token);
  expect(changed).toHaveBeenCalledOnce();
});

test('what is read of an answer after somebody has left is not used', async () => {
  const { session, api } = made();
  await session.token();
  let come = (_text: string): void => {};
  tickets.push({ ok: true, status: 200, json: () => new Promise((resolve) => (come = resolve)) } as unknown as Response);
  const home = api.home();
  await vi.waitFor(() => expect(tickets).toEqual([]));
  await new Promise((resolve) => setTimeout(resolve));
  session.leave();
  come('theirs');
  await expect(home).rejects.toMatchObject({ code: 'identity_changed' });
});

test('two views of a page that ask at once are one visitor, whose requests neither loses', async () => {
  const kept = createStorage('k', null);
  const views = [made(kept).session, made(kept).session];
  const tokens = await Promise.all(views.map((each) => each.token()));
  expect([exchanges, new Set(tokens).size, kept.get<{ token: string }>('session')?.token]).toEqual([2, 1, tokens[0]]);
});

test('what is sent while the page names the same person once more arrives', async () => {
  const { api, session } = made();
  session.identify(jwt('ada'));
  await session.token();
  let come = (): void => {};
  const held = new Promise<void>((resolve) => (come = resolve));
  const ask = globalThis.fetch;
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    if (url.endsWith('/sessions') && exchanges === 1) await held;
    return ask(url, init);
  });
  tickets = [expired(), answer(201, { id: 'a' })];
  const filed = api.open({}, 'key');
  await vi.waitFor(() => expect(tickets).toHaveLength(1));
  await new Promise((resolve) => setTimeout(resolve));
  session.identify(jwt('ada'));
  come();
  expect(await filed).toEqual({ id: 'a' });
});

test('a tab left behind keeps nothing among what is kept for who came in another, and drops nothing', async () => {
  const kept = createStorage('k', null);
  const [first, second] = [made(kept).session, made(kept).session];
  first.identify(jwt('ada'));
  await first.token();
  second.identify(jwt('bruno'));
  const ask = globalThis.fetch;
  vi.stubGlobal('fetch', async () => answer(201, { token: 'b', requester: { id: 'bruno' }, home: {} }));
  await second.token();
  vi.stubGlobal('fetch', ask);
  createDrafts(kept, second).keepDraft({ ...emptyDraft(), title: 'De Bruno' });
  const behind = createDrafts(kept, first);
  behind.keepDraft({ ...emptyDraft(), title: 'De Ada' });
  behind.keepReply('a', { body: 'De Ada', files: [], key: 'k' });
  expect([kept.get<{ title: string }>('draft')?.title, kept.get('reply:a')]).toEqual(['De Bruno', null]);
  behind.dropDraft();
  expect(kept.get<{ title: string }>('draft')?.title).toBe('De Bruno');
});

test('what comes to its end in a tab after its person left in another is kept for nobody', async () => {
  const { kept, session } = made();
  session.identify(jwt('ada'));
  await session.token();
  kept.wipe();
  createDrafts(kept, session).keepDraft({ ...emptyDraft(), title: 'De Ada' });
  expect(kept.get('draft')).toBeNull();
});
