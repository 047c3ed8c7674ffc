/** Who is asking: one session per person, and nothing of the last person for the next. */
import type { Mount, Site } from '../site';
import { ApiError, fromResponse, offline } from './errors';
import type { Kept } from './storage';
import type { Home } from './types';

export interface Requester {
  id: string;
  kind: 'identified' | 'visitor';
  name: string | null;
  email: string | null;
  email_verified: boolean;
}

/** Does the server know that the address is theirs? */
export const proven = (who: Requester | null): boolean => who?.kind === 'identified' || !!who?.email_verified;

/** `who` outlives the token, so that drafts never meet another person. */
interface Stored {
  who: string;
  token: string | null;
  requester: Requester | null;
  /** What the page's cookie said of the person; the loader compares it. */
  person: string | undefined;
}

/** A session as the server answers it; `ticket` is what a mailed link leads to. */
export interface Opened {
  token: string;
  requester: Requester;
  home: Home;
  ticket?: string | null;
}

export type Identity = string | (() => string | null | Promise<string | null>) | null;

export interface SessionOptions {
  site: Site;
  language: string;
  identityUrl(): string | null;
  person(): string | undefined;
  /** What the loader already asked: the exchange for a visitor, the page's word for its user. */
  early: Mount['early'];
  asked: Promise<Response> | null;
  kept: Kept;
  /** The person is another one from here on. */
  changed(): void;
}

const GUEST = 'guest';

export class Session {
  requester: Requester | null = null;
  /** The list a fresh session came with; read once. */
  fresh: Home | null = null;
  /** Counts the persons seen here; what was begun for one is never sent for another. */
  era = 0;
  #turn = 0;
  #identity: Identity | undefined;
  #early: Mount['early'];
  #asked: Promise<Response> | null;
  #pending: Promise<string> | null = null;
  #token: string | null = null;
  /** Whom this page has shown. */
  #who: string | null = null;

  constructor(private readonly options: SessionOptions) {
    this.#early = options.early;
    this.#asked = options.asked;
  }

  /** Must the page be asked before anything may be drawn? */
  get asks(): boolean {
    return typeof this.#identity === 'function' || (this.#identity === undefined && this.options.identityUrl() !== null);
  }

  /** The page said who its user is (or, with null, that nobody is). */
  identify(identity: Identity): void {
    this.#identity = identity;
    this.#turn += 1;
    if (this.#early?.by !== identity) this.#early = null;
    this.#asked = this.#pending = this.#token = null;
  }

  /** Is what this browser keeps theirs? Another tab may have gone on as somebody else, or have left. */
  get keeps(): boolean {
    return !this.requester || this.options.kept.get<Stored>('session')?.requester?.id === this.requester.id;
  }

  /** Forgets what was found out, so that the next act asks the page again. */
  doubt(): void {
    this.#token = null;
  }

  /** A token that may act for the page's user; concurrent callers share one exchange. */
  token(): Promise<string> {
    if (this.#token) return Promise.resolve(this.#token);
    if (!this.#pending) {
      const found = this.#find().finally(() => {
        if (this.#pending === found) this.#pending = null;
      });
      this.#pending = found;
    }
    return this.#pending;
  }

  /** The server no longer takes this token: get another for the same person, or take the one another tab has got. */
  renew(refused: string): Promise<string> {
    if (this.#token === refused) this.#token = null;
    const stored = this.options.kept.get<Stored>('session');
    if (stored?.token === refused) this.options.kept.set('session', { ...stored, token: null } satisfies Stored);
    return this.token();
  }

  /** Ends the session and forgets everything kept for it. */
  leave(): void {
    const stored = this.options.kept.get<Stored>('session');
    this.options.kept.wipe();
    this.#forget();
    if (!stored?.token) return;
    void fetch(`${this.options.site.server}/api/v1/sessions/current`, {
      method: 'DELETE',
      keepalive: true,
      headers: { Authorization: `Bearer ${stored.token}` },
    }).catch(() => {}); // It expires by itself.
  }

  #forget(): void {
    this.#token = this.#who = this.requester = this.fresh = null;
    this.era += 1;
    this.options.changed();
  }

  /** Goes on with a session got by mail; whoever else was here before is gone first. */
  adopt(opened: Opened): void {
    if (this.requester?.id !== opened.requester.id) this.leave();
    this.#take(GUEST, opened);
  }

  #take(who: string, opened: Opened): string {
    this.#keep(who, opened.token, opened.requester);
    this.#who = who;
    this.requester = opened.requester;
    this.fresh = opened.home;
    return (this.#token = opened.token);
  }

  #keep(who: string, token: string | null, requester: Requester | null): void {
    this.options.kept.set('session', { who, token, requester, person: this.options.person() } satisfies Stored);
  }

  async #find(): Promise<string> {
    const turn = this.#turn;
    const identity = await this.#ask();
    if (turn !== this.#turn) return this.token(); // The page has spoken again meanwhile.
    const who = identity ? `u${digest(subject(identity))}` : GUEST;
    const stored = this.options.kept.get<Stored>('session');
    // Another tab has gone on as somebody else, has proven who this visitor is, or has left.
    const other = this.#who !== who || stored?.requester?.id !== this.requester?.id;
    // Before anything of the new person is asked for or drawn.
    if (stored && stored.who !== who) this.leave();
    else if (this.#who && other) this.#forget();
    const shared = this.#shared(who);
    if (shared) return shared;
    const { era } = this;
    this.#keep(who, null, stored?.who === who ? stored.requester : null);
    const opened = await this.#exchange(identity);
    // Somebody else came or the user left while the server answered: this session is nobody's.
    if (turn !== this.#turn) return this.token();
    if (era !== this.era) throw new ApiError('identity_changed', 401);
    // Another tab, or another view of this page, was quicker: they are one visitor, not two.
    return this.#shared(who) ?? this.#take(who, opened);
  }

  /** The session that is kept for them. */
  #shared(who: string): string | null {
    const stored = this.options.kept.get<Stored>('session');
    if (stored?.who !== who || !stored.token) return null;
    this.#who = who;
    this.requester = stored.requester;
    return (this.#token = stored.token);
  }

  async #ask(): Promise<string | null> {
    if (this.#identity !== undefined) {
      // A host may well answer without a token where there is nobody.
      return (typeof this.#identity === 'function' ? await this.#identity() : this.#identity) ?? null;
    }
    const url = this.options.identityUrl();
    if (!url) return null;
    const asked = this.#asked;
    this.#asked = null;
    const ask = () => fetch(url, { method: 'POST', credentials: 'same-origin', headers: { 'X-Ventanilla': '1' } });
    const answer = await (asked ?? ask()).catch(() => {
      throw new ApiError('identity_unavailable', 0);
    });
    if (answer.status === 401) return null;
    if (!answer.ok) throw new ApiError('identity_unavailable', answer.status);
    return (await answer.json()).token ?? null;
  }

  async #exchange(identity: string | null): Promise<Opened> {
    const early = this.#early?.by === identity ? this.#early.answer : null;
    this.#early = null;
    const { site, language } = this.options;
    const ask = () =>
      fetch(`${site.server}/api/v1/sessions`, {
        method: 'POST',
        // Sent as text/plain: read as JSON all the same, and no pre-flight is needed.
        body: JSON.stringify({ site_key: site.key, identity_token: identity, locale: language }),
      });
    const answer = await (early ?? ask()).catch(() => {
      throw offline();
    });
    if (!answer.ok) throw await fromResponse(answer);
    return answer.json();
  }
}

/** The subject a JWT speaks of. Not verified: it only decides whose drafts may be seen here. */
function subject(token: string): string {
  try {
    const payload = token.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/');
    return String(JSON.parse(atob(payload)).sub);
  } catch {
    return token;
  }
}

/** 53 bits of FNV-like hash: storage names the person without saying who it is. */
function digest(text: string): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a ^= b >>> 16;
  b ^= a >>> 13;
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
}
