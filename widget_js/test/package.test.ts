// @vitest-environment jsdom
import { act, createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Handle } from '../package/index.js';

type Said = [string, unknown?];
const place = { server: 'https://help.example/', site: 'k' };
let said: Said[] = [];

beforeEach(() => {
  vi.resetModules();
  document.head.replaceChildren();
  document.body.replaceChildren();
  said = [];
  window.ventanilla = ((...command: Said) => void said.push(command)) as typeof window.ventanilla;
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
});
afterEach(() => vi.unstubAllGlobals());

const fresh = () => import('../package/index.js');
const scripts = () => [...document.querySelectorAll('script')];

test('the script is put on the page once, with what it is told', async () => {
  const { load } = await fresh();
  const help = load({ ...place, identityUrl: '/identity', lang: 'it', nonce: 'n' });
  expect(load(place)).toBe(help);
  expect(scripts().map((each) => [each.src, each.async, each.nonce, { ...each.dataset }])).toEqual([
    ['https://help.example/w/k.js', true, 'n', { identityUrl: '/identity', lang: 'it' }],
  ]);
});

test('a page has one window', async () => {
  const { load } = await fresh();
  load(place);
  expect(() => load({ ...place, site: 'other' })).toThrow(/has the window of/);
});

test('what is said before the script is there waits for it', async () => {
  delete window.ventanilla;
  const { load } = await fresh();
  load(place).open({ screen: 'new' });
  expect([...window.ventanilla!.q!].map((each) => [...each])).toEqual([['open', { screen: 'new' }]]);
});

test('a script that cannot be loaded is said, and tried again', async () => {
  const { load } = await fresh();
  const help = load(place);
  scripts()[0]!.dispatchEvent(new Event('error'));
  await expect(help.ready).rejects.toThrow(/could not be loaded/);
  load(place);
  expect(scripts()).toHaveLength(1);
});

test('a view and a button on one page: the button stays, whoever came first', async () => {
  const { load } = await fresh();
  load({ ...place, button: 'none' });
  expect(scripts()[0]!.dataset.button).toBe('none');
  load(place);
  expect(scripts()[0]!.dataset.button).toBeUndefined();
});

test('events are heard until one stops listening', async () => {
  const { load } = await fresh();
  const heard: number[] = [];
  const stop = load(place).on('ticket-created', ({ number }) => heard.push(number));
  const tell = (number: number) => document.dispatchEvent(new CustomEvent('ventanilla:ticket-created', { detail: { id: 'x', number } }));
  tell(7);
  stop();
  tell(8);
  expect(heard).toEqual([7]);
});

test('on a server nothing happens', async () => {
  const { load } = await fresh();
  const { document: kept } = globalThis;
  vi.stubGlobal('document', undefined);
  const help: Handle = load(place);
  expect(help.on('open', () => {})()).toBeUndefined();
  vi.stubGlobal('document', kept);
  expect(scripts()).toEqual([]);
});

test('React says who is signed in, who comes after them, and that they left', async () => {
  const { Ventanilla } = await import('../package/react.js');
  const root = createRoot(document.body.appendChild(document.createElement('div')));
  const show = (user: string | null) => act(async () => root.render(createElement(Ventanilla, { ...place, user, identify: () => `token of ${user}` })));
  await show(null);
  await show('ada');
  await show('ada');
  await show('bruno');
  await show(null);
  expect(said.map(([name]) => name)).toEqual(['identify', 'identify', 'logout']);
  expect((said[1]![1] as () => string)()).toBe('token of null');
  await act(async () => root.unmount());
});
