// A host site in Node, with nothing but its standard library, that vouches for its user.
//
//   VENTANILLA_URL=http://127.0.0.1:8700 SITE_KEY=… KEY_ID=… SECRET=… node examples/node_host.mjs
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';

const { VENTANILLA_URL = 'http://127.0.0.1:8700', SITE_KEY, KEY_ID, SECRET, PORT = '8701' } = process.env;
const USERS = { ada: { name: 'Ada Ferrer', email: 'ada@customers.example' }, bruno: { name: 'Bruno Conti', email: 'bruno@customers.example' } };

const base64url = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JWT signed with HS256: who the user is, for the next five minutes. */
export function sign(claims, { kid, secret }) {
  const text = `${base64url({ alg: 'HS256', kid, typ: 'JWT' })}.${base64url(claims)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

/** Vouch for the user whom the shop's cookie names; our header keeps forms of other sites out. */
export function identity(request, response) {
  const user = /shop_user=(\w+)/.exec(request.headers.cookie ?? '')?.[1];
  const known = request.headers['x-ventanilla'] === '1' && Object.hasOwn(USERS, user ?? '') ? USERS[user] : null;
  const now = Math.floor(Date.now() / 1000);
  const claims = { sub: user, iat: now, exp: now + 300, email_verified: true, ...known };
  response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  return response.end(JSON.stringify(known ? { token: sign(claims, { kid: KEY_ID, secret: SECRET }) } : { anonymous: true }));
}

const page = `<!doctype html><html lang="es"><meta charset="utf-8"><title>Node</title><link rel="icon" href="data:,">
<h1>Un sitio en Node</h1><p><a href="/as/ada">Ada</a> · <a href="/as/bruno">Bruno</a> · <a href="/as/nobody">Nadie</a></p>
<script async src="${VENTANILLA_URL}/w/${SITE_KEY}.js" data-identity-url="/identity"></script></html>`;

export const host = createServer((request, response) => {
  if (request.method === 'POST' && request.url === '/identity') return identity(request, response);
  const as = /^\/as\/(\w+)$/.exec(request.url)?.[1];
  if (as) return response.writeHead(303, { Location: '/', 'Set-Cookie': `shop_user=${as}; Path=/; SameSite=Lax; HttpOnly` }).end();
  return response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(page);
});

if (import.meta.filename === process.argv[1]) host.listen(Number(PORT), '127.0.0.1');
