/** The wire: one way to send, one error class. */
import type { Site } from '../site';
import { ApiError, fromResponse, offline } from './errors';
import type { Challenge } from './proof';
import type { Session } from './session';
import type { Attachment, Entry, Home, News, State, Ticket } from './types';

interface Send {
  body?: unknown;
  key?: string;
  signal?: AbortSignal;
  /** What carries it, if not fetch. */
  by?(url: string, init: RequestInit): Promise<Response>;
}

export type Api = ReturnType<typeof createApi>;

export function createApi(site: Site, session: Session, language: string) {
  const base = `${site.server}/api/v1`;

  async function headers(): Promise<Record<string, string>> {
    return { Authorization: `Bearer ${await session.token()}`, 'Accept-Language': language };
  }

  /** What was asked for one person is neither sent for another nor shown to them. */
  function guard(): () => void {
    const { era } = session;
    return () => {
      if (era !== session.era) throw new ApiError('identity_changed', 401);
    };
  }

  async function send(method: string, path: string, options: Send = {}, again = true): Promise<Response> {
    const { body, key, signal, by = fetch } = options;
    const same = guard();
    const extra = await headers();
    same();
    if (body !== undefined) extra['Content-Type'] = 'application/json';
    if (key) extra['Idempotency-Key'] = key;
    const init: RequestInit = { method, headers: extra, signal: signal ?? null };
    if (body !== undefined) init.body = JSON.stringify(body);
    const answer = await by(base + path, init).catch((error) => {
      throw signal?.aborted ? error : offline();
    });
    same();
    if (answer.ok || answer.status === 304) return answer;
    const error = await fromResponse(answer);
    if (!error.stale || !again) throw error;
    await session.renew(extra.Authorization!.slice(7));
    same();
    return send(method, path, options, false);
  }

  /** What an answer says may come long after that there is one. */
  async function json<T>(method: string, path: string, options?: Send): Promise<T> {
    const same = guard();
    const answer = await send(method, path, options);
    const told = answer.status === 304 ? null : await answer.json();
    same();
    return told;
  }

  return {
    home: (query: { state?: State | ''; q?: string; before?: string } = {}) => {
      const asked = new URLSearchParams(Object.entries(query).filter(([, value]) => value) as [string, string][]);
      return json<Home>('GET', `/tickets${asked.size ? `?${asked}` : ''}`);
    },
    ticket: (id: string) => json<Ticket>('GET', `/tickets/${id}`),
    open: (body: unknown, key: string) => json<Ticket>('POST', '/tickets', { body, key }),
    reply: (id: string, body: unknown, key: string) =>
      json<{ entry: Entry; ticket: Ticket }>('POST', `/tickets/${id}/messages`, { body, key }),
    close: (id: string) => json<Ticket>('PUT', `/tickets/${id}/closure`),
    reopen: (id: string) => json<Ticket>('DELETE', `/tickets/${id}/closure`),
    rate: (id: string, good: boolean, comment: string) => json<Ticket>('PUT', `/tickets/${id}/rating`, { body: { good, comment } }),
    notify: (id: string, notify: boolean) => json<Ticket>('PUT', `/tickets/${id}/notification`, { body: { notify } }),
    /** An act of a later part; most answer with the request. */
    act: <T = Ticket>(path: string, body: unknown) => json<T>('POST', path, { body }),
    challenge: () => json<Challenge>('POST', '/challenges'),
    /** For later parts: the answer as it comes. */
    raw: (method: string, path: string, body: unknown, signal?: AbortSignal) => send(method, path, { body, signal } as Send),
    discard: (id: string) => send('DELETE', `/attachments/${id}`),

    /** Nothing when there are none. */
    updates: (since: string) => json<News | null>('GET', `/updates?since=${since}`),

    /** Sends a file, telling how far it is (0 to 1). XMLHttpRequest: fetch knows no upload progress. */
    upload: (file: File, progress: (share: number) => void, signal: AbortSignal) =>
      json<Attachment>('POST', '/attachments', {
        signal,
        by: (url, { method, headers }) =>
          new Promise((resolve, reject) => {
            signal.throwIfAborted();
            const request = new XMLHttpRequest();
            request.open(method!, url);
            for (const [name, value] of Object.entries(headers!)) request.setRequestHeader(name, value);
            request.setRequestHeader('Content-Type', 'application/octet-stream');
            request.setRequestHeader('X-File-Name', encodeURIComponent(file.name || 'image.png'));
            request.upload.onprogress = (event) => progress(event.loaded / event.total);
            request.onload = () => resolve(new Response(request.response, request));
            request.onerror = request.onabort = reject;
            signal.addEventListener('abort', () => request.abort());
            request.send(file);
          }),
      }),
  };
}
