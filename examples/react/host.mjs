// Serves the built application and vouches for its users.
//
//   npm install && npm run build
//   VENTANILLA_URL=http://127.0.0.1:8700 SITE_KEY=… KEY_ID=… SECRET=… npm start
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { identity } from '../node_host.mjs';

const { VENTANILLA_URL = 'http://127.0.0.1:8700', SITE_KEY, PORT = '8702', DIST = join(import.meta.dirname, 'dist') } = process.env;
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css' };

createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://host');
  const as = /^\/as\/(\w+)$/.exec(pathname)?.[1];
  if (request.method === 'POST' && as) return response.writeHead(204, { 'Set-Cookie': `shop_user=${as}; Path=/; SameSite=Lax; HttpOnly` }).end();
  if (request.method === 'POST' && pathname === '/identity') return identity(request, response);
  if (pathname === '/settings.json') {
    return response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ server: VENTANILLA_URL, site: SITE_KEY }));
  }
  // Every address is the application's, which knows what to show there.
  const file = /^\/assets\/[\w.-]+$/.test(pathname) ? pathname : '/index.html';
  const body = await readFile(join(DIST, file)).catch(() => null);
  response.writeHead(body ? 200 : 404, { 'Content-Type': TYPES[extname(file)] ?? 'text/plain' }).end(body ?? 'Nothing here.');
}).listen(Number(PORT), '127.0.0.1');
