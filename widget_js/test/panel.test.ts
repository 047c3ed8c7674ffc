// @vitest-environment jsdom
import { render } from 'preact';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { contrast, parse, readableOn, textOn } from '../src/colour';
import { linkified, tree } from '../src/panel/content';
import { createDrafts } from '../src/panel/drafts';
import { fieldFault } from '../src/panel/forms';
import { createWords } from '../src/panel/i18n';
import { Session } from '../src/panel/session';
import { emptyDraft } from '../src/panel/state';
import { createStorage } from '../src/panel/storage';
import type { Site } from '../src/site';
import es from '../locales/es.json';

const site = { key: 'k', server: 'https://help.example', look: {} } as unknown as Site;
const words = createWords('es', es);
const jwt = (sub: string) => `x.${btoa(JSON.stringify({ sub }))}.y`;

let calls: { url: string; method: string; body: string | null }[] = [];
beforeEach(() => {
  calls = [];
  localStorage.clear();
  vi.stubGlobal('fetch', async (url: string, init: RequestInit = {}) => {
    calls.push({ url, method: init.method ?? 'GET', body: (init.body as string) ?? null });
    return new Response(JSON.stringify({ token: `t${calls.length}`, requester: { id: 'r', kind: 'visitor' }, home: {}, updates: '0' }), { status: 201 });
  });
});
afterEach(() => vi.unstubAllGlobals());

const session = (kept = createStorage('k')) => new Session({ site, language: 'es', identityUrl: () => null, person: () => undefined, early: null, asked: null, kept, changed: () => {} });

test('any accent leaves readable text on it and as text', () => {
  for (let red = 0; red < 256; red += 51)
    for (let green = 0; green < 256; green += 51)
      for (let blue = 0; blue < 256; blue += 51) {
        const hex = `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
        expect(contrast(parse(hex), parse(textOn(hex))), hex).toBeGreaterThanOrEqual(4.5);
        for (const surface of ['#ffffff', '#1b1e26']) {
          const [r, g, b] = readableOn(hex, surface).match(/\d+/g)!.map(Number) as [number, number, number];
          expect(contrast([r, g, b], parse(surface)), hex).toBeGreaterThanOrEqual(4.5);
        }
      }
});

test('callers at the same time share one exchange', async () => {
  const one = session();
  await Promise.all([one.token(), one.token(), one.token()]);
  expect(calls).toHaveLength(1);
});

test('a known visitor asks for no second session', async () => {
  await session().token();
  expect(await session().token()).toBe('t1');
  expect(calls).toHaveLength(1);
});

test('when the person changes, the former session ends and everything kept is gone', async () => {
  const kept = createStorage('k');
  await session(kept).token();
  kept.set('draft', { title: 'secret' });
  const next = session(kept);
  next.identify(jwt('ada'));
  await next.token();
  expect(calls.map((call) => call.method)).toEqual(['POST', 'DELETE', 'POST']);
  expect(kept.get('draft')).toBeNull();
});

test('the same person keeps what they typed', async () => {
  const kept = createStorage('k');
  const first = session(kept);
  first.identify(jwt('ada'));
  await first.token();
  kept.set('draft', { title: 'mine' });
  const again = session(kept);
  again.identify(() => Promise.resolve(jwt('ada')));
  await again.token();
  expect(kept.get('draft')).toEqual({ title: 'mine' });
  expect(calls).toHaveLength(1);
});

test('a host that cannot say who is there is not taken for nobody', async () => {
  vi.stubGlobal('fetch', async () => new Response('', { status: 500 }));
  const one = new Session({ site, language: 'es', identityUrl: () => '/identity', person: () => undefined, early: null, asked: null, kept: createStorage('k'), changed: () => {} });
  await expect(one.token()).rejects.toMatchObject({ code: 'identity_unavailable' });
});

test('drafts survive, half-sent files do not', () => {
  const kept = createStorage('k');
  const session = { keeps: true };
  const drafts = createDrafts(kept, session);
  const file = { key: 'a', name: 'a.png', size: 1, share: 1, id: 'x', problem: null, picture: null };
  drafts.keepDraft({ ...emptyDraft(), title: 'Hola', key: 'same-key', files: [file, { ...file, key: 'b', id: null }] });
  const again = createDrafts(kept, session).draft();
  expect([again.title, again.key, again.files.map((each) => each.key)]).toEqual(['Hola', 'same-key', ['a']]);
});

test('links are built for plain addresses only', () => {
  const place = document.createElement('div');
  render(linkified('see https://a.example/x?y=1. <b>no</b> javascript:alert(1)') as never, place);
  expect(place.innerHTML).toBe(
    'see <a href="https://a.example/x?y=1" target="_blank" rel="noopener noreferrer nofollow">https://a.example/x?y=1</a>. &lt;b&gt;no&lt;/b&gt; javascript:alert(1)',
  );
});

test('a bracket at the end belongs to an address that opened it', () => {
  const addresses = (text: string) => linkified(text).filter((_, at) => at % 2).map((link) => (link as { props: { href: string } }).props.href);
  expect(addresses('(see https://a.example/x_(y)). [https://a.example/(x)/y]')).toEqual(['https://a.example/x_(y)', 'https://a.example/(x)/y']);
  expect(addresses('(https://a.example/x) https://a.example/x(((, https://')).toEqual(['https://a.example/x', 'https://a.example/x(((']);
});

test('a hostile tree becomes text', () => {
  const place = document.createElement('div');
  render(tree([['script', null, 'alert(1)'], ['a', { href: 'javascript:alert(1)' }, 'x'], ['p', { onclick: 'y' }, ['strong', null, 'ok']]]) as never, place);
  expect(place.innerHTML).toBe('alert(1)x<p><strong>ok</strong></p>');
});

test('fields follow the rules of the server', () => {
  const field = { key: 'o', label: {}, required: true } as const;
  expect(fieldFault({ ...field, type: 'order', pattern: '[A-Z]-\\d{4}' }, 'A-1234', words)).toBeNull();
  expect(fieldFault({ ...field, type: 'order', pattern: '[A-Z]-\\d{4}' }, 'xA-1234', words)).not.toBeNull();
  expect(fieldFault({ ...field, type: 'number' }, '12,5', words)).toBeNull();
  expect(fieldFault({ ...field, type: 'url' }, 'javascript:x', words)).not.toBeNull();
  expect(fieldFault({ ...field, type: 'text' }, ' ', words)).not.toBeNull();
});

test('plurals and places are filled in', () => {
  expect(words.t('left', { count: 1 })).toBe('Queda 1 carácter');
  expect(words.t('left', { count: 12 })).toBe('Quedan 12 caracteres');
});
