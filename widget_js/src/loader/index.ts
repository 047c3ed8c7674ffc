/** The button on every page. Everything else waits for the click. */
import { textOn } from '../colour';
import type { Command, Mount, Panel, Site } from '../site';
import css from './button.css?inline';

declare const __VENTANILLA_SITE__: Site;

type Api = ((...command: Command) => void) & { q?: Command[] };
declare global {
  interface Window {
    ventanilla?: Api;
  }
}

const site = __VENTANILLA_SITE__;
const script = document.currentScript as HTMLScriptElement | null;
const TAG = 'ventanilla-widget';
const kept = `ventanilla:${site.key}:`;
const watched = script?.dataset.identityCookie;
const sheet = new CSSStyleSheet();

/** A plain speech bubble with a question mark; built, not parsed, for pages with Trusted Types. */
function icon(): SVGElement {
  const make = (name: string, key: string, value: string): SVGElement => {
    const node = document.createElementNS('http://www.w3.org/2000/svg', name);
    node.setAttribute(key, value);
    return node;
  };
  const svg = make('svg', 'viewBox', '0 0 24 24');
  svg.ariaHidden = 'true';
  svg.append(make('path', 'd', 'M4 5h16v11.5h-7L8 20.5v-4H4zM9.8 9a2.3 2.3 0 1 1 2.2 2.9v.6M12 14.4v.1'));
  return svg;
}

function pick(attribute: string | null): string {
  const wishes = [attribute, document.documentElement.lang, ...navigator.languages, site.default_language];
  return wishes.map((wish) => wish?.slice(0, 2).toLowerCase()).find((wish) => wish && wish in site.assets.lang) || 'en';
}

class VentanillaWidget extends HTMLElement {
  #panel: Promise<Panel> | null = null;
  #ready: Panel | null = null;
  #button: HTMLButtonElement | null = null;
  #kept: Command[] = [];
  /** Kept for the next click, should the panel not arrive: a token may be good for one exchange. */
  #early: Mount['early'] = null;

  connectedCallback(): void {
    if (this.shadowRoot) return this.#ready?.resume();
    const root = this.attachShadow({ mode: 'open' });
    const { look } = site;
    const accent = getComputedStyle(this).getPropertyValue('--ventanilla-accent').trim() || look.accent;
    const theme = this.option('theme') || look.theme;
    const style = new CSSStyleSheet();
    style.replaceSync(
      `:host{--_a:${accent};--_on:${textOn(accent)};--_r:${look.radius}px;--_x:${look.offset[0]}px;--_y:${look.offset[1]}px;--_scheme:${theme === 'auto' ? 'light dark' : theme}}`,
    );
    root.adoptedStyleSheets = [sheet, style];
    if (look.position === 'start') this.setAttribute('position', 'start');
    if (this.hasAttribute('site')) {
      this.load().catch(() => {});
      return;
    }
    const button = (this.#button = document.createElement('button'));
    button.className = 'launch';
    button.lang = pick(this.option('lang'));
    const label = document.createElement('span');
    label.textContent = site.labels[button.lang]!;
    button.append(icon(), label, document.createElement('b'));
    button.ariaExpanded = 'false';
    button.ariaHasPopup = 'dialog';
    // The second half of a double click is not a second wish.
    button.onclick = ({ detail }) => detail < 2 && this.run(['toggle']);
    if (floats) root.append(button);
    button.ariaLabel = label.textContent;
    // Someone who asked before sees at once how many answers wait. Nobody else costs a request. The panel knows better.
    const token = session()?.token;
    if (!token) return;
    void call('GET', 'updates?since=-1', token)
      .then((answer) => answer.json())
      .then(({ unread }) => void (this.#panel ?? this.badge(unread)))
      .catch(() => {});
  }

  option(name: string): string | null {
    return this.getAttribute(name) ?? (this.hasAttribute('site') ? null : (script?.getAttribute(`data-${name}`) ?? null));
  }

  badge(unread = 0): void {
    this.dispatchEvent(new CustomEvent('ventanilla:unread', { bubbles: true, composed: true, detail: { unread } }));
    if (!this.#button) return;
    const [, label, count] = this.#button.children;
    count!.textContent = unread ? ` ${unread}` : '';
    this.#button.ariaLabel = label!.textContent! + count!.textContent;
  }

  load(): Promise<Panel> {
    // Without a button it comes with the first wish for it.
    if (!this.isConnected) document.documentElement.append(this);
    const language = pick(this.option('lang'));
    // Whoever signed in before the page had its cookie is asked for once; a visitor we know costs no request.
    const identityUrl = () => (person() === '' && session() ? null : this.option('identity-url'));
    const url = identityUrl();
    let asked: Mount['asked'] = null;
    if (!this.#panel && typeof (identity ?? '') === 'string') {
      const by = identity as string | undefined;
      if (url && by === undefined) asked = fetch(url, { method: 'POST', credentials: 'same-origin', headers: { 'X-Ventanilla': '1' } });
      else if (!session()?.token && this.#early?.by !== (by ?? null)) {
        const body = JSON.stringify({ site_key: site.key, identity_token: by, locale: language });
        this.#early = { by: by ?? null, answer: fetch(`${site.server}/api/v1/sessions`, { method: 'POST', body }) };
      }
      // Whoever reads it also hears of its failure; until then nobody does.
      asked?.catch(() => {});
      this.#early?.answer.catch(() => (this.#early = null));
    }
    // The first formatter of a page takes a phone longer than a round trip: it is made while one is waited for.
    setTimeout(() => new Intl.NumberFormat(language));
    return (this.#panel ??= Promise.all([
      import(/* @vite-ignore */ at(site.assets.panel)),
      import(/* @vite-ignore */ at(site.assets.lang[language]!)),
    ]).then(
      ([panel, texts]) =>
        (this.#ready = panel.mount(
          {
            site,
            language,
            element: this,
            root: this.shadowRoot!,
            inline: !this.#button,
            identityUrl,
            person,
            early: this.#early,
            asked,
            badge: (unread) => this.badge(unread),
            closed: () => this.#expanded(false),
          } satisfies Mount,
          texts.default,
        ) as Panel),
      (error) => {
        this.#panel = null; // The next click tries again,
        tries += 1;
        throw error;
      },
    ).finally(() => this.toggleAttribute('busy', false)));
  }

  #expanded(open: boolean): void {
    if (!this.#button) return;
    this.#button.ariaExpanded = `${open}`;
    if (!open) this.#button.focus();
  }

  run(command: Command): void {
    const [name] = command;
    // What only matters to an open panel does not load it; leaving does, if there is something to wipe.
    if (!this.#panel && !['open', 'toggle'].includes(name) && !(name === 'logout' && session()?.token)) return void this.#kept.push(command);
    // Nor is pressing again because nothing comes yet.
    if (name === 'toggle' && this.hasAttribute('busy')) return;
    this.toggleAttribute('busy', !this.#ready);
    void this.load().then(
      (panel) => {
        for (const earlier of this.#kept.splice(0)) panel.run(earlier);
        panel.run(command);
        if (panel.isOpen) this.#expanded(true); // Closing has said so itself.
      },
      () => {},
    );
  }
}

const call = (method: string, path: string, token: string): Promise<Response> =>
  fetch(`${site.server}/api/v1/${path}`, { method, keepalive: true, headers: { Authorization: `Bearer ${token}` } });

/** Who is signed in, as the cookie tells that the page names: '' is nobody, undefined that none is named. */
const person = (): string | undefined => watched && (document.cookie.match(`(?:^|; )${watched}=([^;]*)`)?.[1] ?? '');

/** Is there a button for whoever this is? */
const who = person();
const floats = script?.dataset.button !== 'none' && who?.[0] !== '-' && (who || script?.dataset.for !== 'users');

/** What is kept of someone who asked before; nothing if storage is switched off. */
function session(): { token?: string; person?: string } | undefined {
  try {
    return JSON.parse(localStorage.getItem(`${kept}session`)!) ?? undefined;
  } catch {
    return undefined;
  }
}

/** The next one at this browser finds nothing of the last, opened or not. */
function wipe(): void {
  const last = session();
  if (!last || (last.person || '') === (person() || '')) return;
  for (const name of Object.keys(localStorage)) if (name.startsWith(kept)) localStorage.removeItem(name);
  if (last.token) call('DELETE', 'sessions/current', last.token).catch(() => {});
}

/** Panels that did not arrive. Some browsers keep for the page's life that an address failed: each try has its own. */
let tries = 0;
const at = (path: string): string => site.server + (tries ? path.replace('assets/', `assets/${tries}/`) : path);

/** What the page itself said of its user, if it did. */
let identity: unknown;

if (!customElements.get(TAG)) {
  sheet.replaceSync(css);
  wipe();
  const queue = window.ventanilla?.q ?? [];
  identity = queue.findLast(([name]) => name === 'identify')?.[1];
  customElements.define(TAG, VentanillaWidget);
  const floating = document.createElement(TAG) as VentanillaWidget;
  const home = document.documentElement;
  if (floats) {
    home.append(floating);
    // Turbo, Astro and friends may replace everything below <html>, or <html> itself: it comes back.
    const guard = new MutationObserver(() => floating.isConnected || document.documentElement.append(floating));
    guard.observe(home, { childList: true });
    guard.observe(document, { childList: true });
  }
  const api: Api = (...command) => {
    if (['identify', 'logout'].includes(command[0])) identity = command[1] ?? null;
    const all = [floating, ...document.querySelectorAll<VentanillaWidget>(`${TAG}[site]`)];
    const everyone = ['identify', 'logout', 'context'].includes(command[0]);
    const one = (floats ? null : all[1]) ?? floating;
    for (const each of everyone ? all : [one]) each.run(command);
  };
  window.ventanilla = api;
  // Somebody goes on here from a mailed link.
  if (location.hash.includes('ventanilla=')) api('open');
  for (const command of queue) api(...command);
}
