// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from 'vitest';
import { createApi } from '../src/panel/api';
import { Session } from '../src/panel/session';
import { createStorage } from '../src/panel/storage';
import type { Site } from '../src/site';

const site = { key: 'k', server: 'https://help.example' } as unknown as Site;
const jwt = (sub: string) => `x.${btoa(JSON.stringify({ sub }))}.y`;
const file = new File(['x'], 'a.png');

let carried: Record<string, string>[];
let answers: [number, unknown][];

/** What a browser sends a file with, answering at once. */
class Carrier {
  upload = {};
  status = 0;
  response = '';
  onload = (): void => {};
  #headers: Record<string, string> = {};
  open(): void {}
  abort(): void {}
  setRequestHeader(name: string, value: string): void {
    this.#headers[name] = value;
  }
  send(): void {
    carried.push(this.#headers);
    const [status, body] = answers.shift() ?? [201, { id: 'f', name: 'a.png' }];
    Object.assign(this, { status, response: JSON.stringify(body) });
    queueMicrotask(this.onload);
  }
}

beforeEach(() => {
  let exchanges = 0;
  carried = [];
  answers = [];
  vi.stubGlobal('XMLHttpRequest', Carrier);
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ token: `t${(exchanges += 1)}`, requester: { id: `r${exchanges}` }, home: {} }), { status: 201 }));
});

function made() {
  const session = new Session({ site, language: 'es', identityUrl: () => null, person: () => undefined, early: null, asked: null, kept: createStorage('k', null), changed: () => {} });
  return { session, api: createApi(site, session, 'es') };
}

const never = () => new AbortController().signal;

test('a file chosen while it is asked who is there is sent for nobody else', async () => {
  const { session, api } = made();
  session.identify(() => jwt('ada'));
  await session.token();
  let name = (_token: string): void => {};
  session.identify(() => new Promise((resolve) => (name = resolve)));
  const sent = api.upload(file, () => {}, never());
  name(jwt('bruno'));
  await expect(sent).rejects.toMatchObject({ code: 'identity_changed' });
  expect(carried).toEqual([]);
});

test('a file taken out before it could be sent is not sent', async () => {
  const { api } = made();
  const control = new AbortController();
  const sent = api.upload(file, () => {}, control.signal);
  control.abort();
  await expect(sent).rejects.toMatchObject({ name: 'AbortError' });
  expect(carried).toEqual([]);
});

test('a file goes on with a new session where the last one ended', async () => {
  const { api } = made();
  answers = [[401, { error: { code: 'token_expired', message: '' } }]];
  expect(await api.upload(file, () => {}, never())).toEqual({ id: 'f', name: 'a.png' });
  expect(carried.map((each) => each.Authorization)).toEqual(['Bearer t1', 'Bearer t2']);
});
