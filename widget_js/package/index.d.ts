/** A token the host signed, or a function that gets one whenever it is needed. */
export type Identity = string | (() => string | Promise<string>);

export interface Options {
  /** Where Ventanilla is served: `https://help.example.com`. */
  server: string;
  /** The site's key. */
  site: string;
  /** Path on your own origin that vouches for the signed-in user. */
  identityUrl?: string;
  /** Name of a cookie that differs from one signed-in user to the next. */
  identityCookie?: string;
  /** `users`: no button for those whom the cookie does not name. */
  for?: 'all' | 'users';
  /** `none`: no floating button. */
  button?: 'none';
  lang?: string;
  theme?: 'light' | 'dark' | 'auto';
  /** The nonce of the page's content security policy. */
  nonce?: string;
}

export type Where = { screen: 'home' | 'new' } | { ticket: string };

export interface Prefill {
  title?: string;
  body?: string;
  category?: string;
}

/** What each event tells. */
export interface Events {
  open: undefined;
  close: undefined;
  'ticket-created': { id: string; number: number };
  unread: { unread: number };
  reply: { ticket: string };
  deflected: { article: string };
}

export interface Handle {
  open(where?: Where): void;
  close(): void;
  toggle(): void;
  prefill(values: Prefill): void;
  identify(identity: Identity): void;
  logout(): void;
  context(facts: Record<string, string | number | boolean>): void;
  /** Listens until the returned function is called. */
  on<Name extends keyof Events>(event: Name, listener: (detail: Events[Name]) => void): () => void;
  /** Settles when the script is there; rejects if it cannot be loaded. */
  ready: Promise<void>;
}

/**
 * Puts the help button on the page and returns what controls it. Asked again for the same site it
 * returns the same; on a server it does nothing. Throws if the page has another site's already.
 */
export function load(options: Options): Handle;
