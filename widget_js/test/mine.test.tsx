// @vitest-environment jsdom
import { render } from 'preact';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import es from '../locales/es.json';
import { createActions, type Actions } from '../src/panel/actions';
import { createApi } from '../src/panel/api';
import { Needed, type Needs } from '../src/panel/context';
import { createEntrance } from '../src/panel/entrance';
import { createWords } from '../src/panel/i18n';
import { Session, type Requester } from '../src/panel/session';
import { blank, type PanelState } from '../src/panel/state';
import { createStorage } from '../src/panel/storage';
import { createStore, type Store } from '../src/panel/store';
import { Mine } from '../src/panel/views/Mine';
import type { Site } from '../src/site';

const site = { key: 'k', server: 'https://help.example', categories: [], limits: { files: 3 } } as unknown as Site;
const words = createWords('es', es);
const home = { tickets: [], next: null, unread: 0, counts: {} };
const guest = { token: 'guest', requester: { id: 'g', kind: 'visitor', email: null, email_verified: false }, home, updates: '0' };
const marta = { ...guest, token: 'marta', requester: { id: 'm', kind: 'visitor', email: 'marta@mail.example', email_verified: true }, ticket: null };

let place: HTMLElement;
let actions: Actions;
let session: Session;
let store: Store<PanelState>;
let kept: ReturnType<typeof createStorage>;
let sent: { path: string; body: Record<string, unknown> }[];
let answers: Record<string, [number, unknown][]>;

const find = <T extends HTMLElement>(what: string): T => place.querySelector<T>(what)!;
const refusal = (status: number, code: string, more = {}): [number, unknown] => [status, { error: { code, message: '', ...more } }];
const settle = () => vi.advanceTimersByTimeAsync(50);

async function write(what: string, value: string): Promise<void> {
  const input = find<HTMLInputElement>(what);
  input.value = value;
  input.dispatchEvent(new Event('input', { bubbles: true }));
  await settle();
}

async function submit(): Promise<void> {
  find<HTMLFormElement>('form').dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
  await settle();
}

async function toCode(): Promise<void> {
  await write('#v-address', 'marta@mail.example');
  await submit();
}

beforeEach(async () => {
  vi.useFakeTimers();
  localStorage.clear();
  sent = [];
  answers = {};
  vi.stubGlobal('fetch', async (url: string, init: RequestInit = {}) => {
    const path = url.split('/api/v1')[1]!;
    if (init.method === 'POST') sent.push({ path, body: JSON.parse(init.body as string) });
    const [status, body] = answers[path]?.shift() ?? (path === '/sessions' ? [201, guest] : path === '/mail-links' ? [202, { sent_to: 'marta@mail.example' }] : [201, marta]);
    return new Response(status === 204 ? null : JSON.stringify(body), { status });
  });
  place = document.body.appendChild(document.createElement('div'));
  store = createStore<PanelState>({ ...blank(), open: true, checking: false, online: true, screen: { name: 'mine' } });
  kept = createStorage('k');
  session = new Session({ site, language: 'es', identityUrl: () => null, person: () => undefined, early: null, asked: null, kept, changed: () => actions.forget() });
  const api = createApi(site, session, 'es');
  actions = createActions({ site, store, api, session, kept, words, context: {}, announce: () => {}, badge: () => {} });
  await session.token();
  const needs = { site, words, actions, inline: false, close: () => {}, say: () => '' } as unknown as Needs;
  render(<Needed.Provider value={needs}>{<Mine state={store.get()} />}</Needed.Provider>, place);
  await settle();
});

afterEach(() => {
  render(null, place);
  place.remove();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('an address that is none is said before anything is sent', async () => {
  await write('#v-address', 'marta');
  await submit();
  expect(find('.fault').textContent).toBe(es['fault.email']);
  expect(sent.map((each) => each.path)).toEqual(['/sessions']);
});

test('six digits are sent as soon as they are there, however they were pasted', async () => {
  await toCode();
  expect(sent.at(-1)).toEqual({ path: '/mail-links', body: { site_key: 'k', email: 'marta@mail.example', locale: 'es' } });
  await write('#v-code', ' 123-456 ');
  expect(sent.at(-1)).toEqual({ path: '/mail-links/redemption', body: { site_key: 'k', email: 'marta@mail.example', code: '123456' } });
  expect(store.get().requester?.id).toBe('m');
  expect(kept.get<{ token: string }>('session')?.token).toBe('marta');
  expect(store.get().screen.name).toBe('home');
});

test('a wrong code says how many tries are left', async () => {
  await toCode();
  answers['/mail-links/redemption'] = [refusal(422, 'code_wrong', { left: 4 })];
  await write('#v-code', '000000');
  expect(find('.fault').textContent).toBe('No es ese código. Quedan 4 intentos.');
  expect(find<HTMLInputElement>('#v-code').value).toBe('000000');
});

test('a code that has expired is cleared and says what to do', async () => {
  await toCode();
  answers['/mail-links/redemption'] = [refusal(410, 'code_expired')];
  await write('#v-code', '000000');
  expect(find('[role=alert]').textContent).toBe(es['error.code_expired']);
  expect(find<HTMLInputElement>('#v-code').value).toBe('');
});

test('a limit counts down on the button and ends by itself', async () => {
  await toCode();
  answers['/mail-links/redemption'] = [refusal(429, 'rate_limited', { retry_after: 42 })];
  await write('#v-code', '000000');
  const button = find('[type=submit]');
  expect([button.textContent, button.ariaDisabled ?? button.getAttribute('aria-disabled')]).toEqual(['Inténtalo en 0:42', 'true']);
  expect(find('[role=alert]').textContent).toContain(es['error.rate_limited']);
  const before = sent.length;
  await submit();
  expect(sent).toHaveLength(before);
  await vi.advanceTimersByTimeAsync(43_000);
  expect([button.textContent, button.getAttribute('aria-disabled')]).toEqual([es['mine.see'], 'false']);
  await submit();
  expect(sent).toHaveLength(before + 1);
});

test('another letter may be asked for after half a minute', async () => {
  await toCode();
  const again = find('.small');
  expect(again.textContent).toBe('Enviar otro en 0:30');
  again.click();
  await settle();
  expect(sent.filter((each) => each.path === '/mail-links')).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(31_000);
  again.click();
  await settle();
  expect(sent.filter((each) => each.path === '/mail-links')).toHaveLength(2);
});

test('a draft of this visitor stays, without files that are not theirs any more', async () => {
  const file = { key: 'a', name: 'a.png', size: 1, share: 1, id: 'x', problem: null, picture: null };
  store.set({ draft: { ...store.get().draft, title: 'Sin acabar', files: [file] } });
  kept.set('reply:old', { body: 'de antes' });
  await toCode();
  await write('#v-code', '123456');
  expect([store.get().draft.title, store.get().draft.files]).toEqual(['Sin acabar', []]);
  expect(kept.get('reply:old')).toBeNull();
});

/** Comes back from the page behind a mailed link. */
const handOver = () => createEntrance(actions.tools, actions.show).enter({ handoff: 'h' });

test('what was being written before somebody went for a mailed link is there when they come back with it', async () => {
  kept.set('draft', { title: 'Sin acabar', files: [{ id: 'x' }] });
  await handOver();
  expect(store.get()).toMatchObject({ requester: { id: 'm' }, draft: { title: 'Sin acabar', files: [] } });
});

test('whoever comes back as who they were goes on with all they were writing', async () => {
  session.adopt(marta as never);
  kept.set('draft', { title: 'Sin acabar', files: [{ id: 'x' }] });
  kept.set('reply:a', { body: 'A medias' });
  await handOver();
  expect(store.get().draft).toMatchObject({ title: 'Sin acabar', files: [{ id: 'x' }] });
  expect(kept.get('reply:a')).toEqual({ body: 'A medias' });
  expect(sent.at(-1)?.path).toBe('/mail-links/redemption');
});

test('what one person wrote does not go along with a link that was mailed to another', async () => {
  session.adopt({ ...marta, requester: { ...marta.requester, id: 'other' } as Requester } as never);
  kept.set('draft', { title: 'De otra' });
  await handOver();
  expect([store.get().requester?.id, store.get().draft.title, kept.get('draft')]).toEqual(['m', '', null]);
});

test('whom the page vouches for loses nothing by a mailed link', async () => {
  answers['/sessions'] = [[201, { ...guest, token: 'ada', requester: { id: 'a', kind: 'identified', email: null, email_verified: false } }]];
  session.identify(`x.${btoa(JSON.stringify({ sub: 'ada' }))}.y`);
  await session.token();
  kept.set('draft', { title: 'De Ada' });
  await handOver();
  expect([session.requester?.id, kept.get<{ title: string }>('draft')?.title, sent.at(-1)?.path]).toEqual(['a', 'De Ada', '/sessions']);
});
