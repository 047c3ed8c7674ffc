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
const stored = `ventanilla:${site.key}:session`;
const sheet = new CSSStyleSheet();

/** A plain speech bubble with a question mark; built, not parsed, for pages with Trusted Types. */
function icon(): SVGElement {
  const make = (name: string, attributes: Record<string, string>): SVGElement => {
    const node = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const key in attributes) node.setAttribute(key, attributes[key]!);
    return node;
  };
  const svg = make('svg', { viewBox: '0 0 24 24', width: '24', height: '24', 'aria-hidden': 'true' });
  svg.append(make('path', { d: 'M4 5h16v11.5h-7L8 20.5v-4H4zM9.8 9a2.3 2.3 0 1 1 2.2 2.9v.6M12 14.4v.1' }));
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

  connectedCallback(): void {
    if (this.shadowRoot) return;
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [sheet];
    const { look } = site;
    const own = getComputedStyle(this).getPropertyValue('--ventanilla-accent').trim();
    const style = new CSSStyleSheet();
    style.replaceSync(
      `:host{--_a:${own || look.accent};--_on:${textOn(own || look.accent)};--_r:${look.radius}px;--_x:${look.offset[0]}px;--_y:${look.offset[1]}px}`,
    );
    root.adoptedStyleSheets = [sheet, style];
    const theme = this.option('theme') || look.theme;
    if (theme !== 'auto') this.setAttribute('theme', theme);
    if (look.position === 'start') this.setAttribute('position', 'start');
    if (this.hasAttribute('site')) {
      void this.load();
      return;
    }
    const button = (this.#button = document.createElement('button'));
    button.type = 'button';
    button.className = 'launch';
    button.lang = pick(this.option('lang'));
    const label = document.createElement('span');
    label.textContent = site.labels[button.lang] || site.labels.en || '?';
    button.append(icon(), label, document.createElement('b'));
    button.setAttribute('aria-expanded', 'false');
    button.setAttribute('aria-label', label.textContent);
    button.onclick = () => this.run(['toggle']);
    root.append(button);
    this.#peek();
  }

  option(name: string): string | null {
    return this.getAttribute(name) ?? (this.hasAttribute('site') ? null : (script?.getAttribute(`data-${name}`) ?? null));
  }

  /** Someone who asked before sees at once how many answers wait. Nobody else costs a request. */
  #peek(): void {
    try {
      const token = JSON.parse(localStorage.getItem(stored)!)?.token;
      if (!token) return;
      void fetch(`${site.server}/api/v1/updates?since=-1`, { headers: { Authorization: `Bearer ${token}` } })
        .then((answer) => (answer.ok ? answer.json() : { unread: 0 }))
        .then((news) => this.badge(news.unread))
        .catch(() => {});
    } catch {
      // Storage is switched off: then nobody asked before.
    }
  }

  badge(unread: number): void {
    if (!this.#button) return;
    this.#button.lastElementChild!.textContent = unread ? String(unread) : '';
  }

  load(): Promise<Panel> {
    const language = pick(this.option('lang'));
    const identityUrl = this.option('identity-url');
    let early: Mount['early'] = null;
    try {
      if (!this.#panel && !identityUrl && !identified && !localStorage.getItem(stored))
        early = fetch(`${site.server}/api/v1/sessions`, {
          method: 'POST',
          body: JSON.stringify({ site_key: site.key, locale: language }),
        });
      early?.catch(() => {});
    } catch {
      // Storage is switched off: the panel asks for itself.
    }
    return (this.#panel ??= Promise.all([
      import(/* @vite-ignore */ site.server + site.assets.panel),
      import(/* @vite-ignore */ site.server + site.assets.lang[language]),
    ]).then(
      ([panel, texts]) =>
        (this.#ready = panel.mount(
          {
            site,
            language,
            element: this,
            root: this.shadowRoot!,
            inline: this.hasAttribute('site'),
            identityUrl,
            early,
            badge: (unread) => this.badge(unread),
            closed: () => this.#expanded(false),
          } satisfies Mount,
          texts.default,
        ) as Panel),
      (error) => {
        this.#panel = null; // The next click tries again.
        this.toggleAttribute('busy', false);
        throw error;
      },
    ));
  }

  #expanded(open: boolean): void {
    this.#button?.setAttribute('aria-expanded', String(open));
    if (!open && !this.hasAttribute('site')) this.#button?.focus();
  }

  run(command: Command): void {
    const [name] = command;
    // What only matters to an open panel does not load it.
    if (!this.#panel && !['open', 'toggle'].includes(name)) return void kept.push(command);
    this.toggleAttribute('busy', !this.#ready);
    void this.load().then(
      (panel) => {
        this.toggleAttribute('busy', false);
        for (const earlier of kept.splice(0)) panel.run(earlier);
        panel.run(command);
        this.#expanded(panel.isOpen);
      },
      () => {},
    );
  }
}

const kept: Command[] = [];
let identified = false;

if (!customElements.get(TAG)) {
  sheet.replaceSync(css);
  const queue = window.ventanilla?.q ?? [];
  customElements.define(TAG, VentanillaWidget);
  const floating = document.createElement(TAG) as VentanillaWidget;
  const home = document.documentElement;
  if (script?.dataset.button !== 'none') {
    home.append(floating);
    // Turbo, Astro and friends may replace everything below <html>; one observer brings it back.
    new MutationObserver(() => floating.isConnected || home.append(floating)).observe(home, { childList: true });
    new MutationObserver(() => floating.isConnected || document.documentElement.append(floating)).observe(document, { childList: true });
  }
  const api: Api = (...command) => {
    if (command[0] === 'identify') identified = true;
    const all = [floating, ...document.querySelectorAll<VentanillaWidget>(`${TAG}[site]`)];
    const everyone = ['identify', 'logout', 'context'].includes(command[0]);
    for (const each of everyone ? all : [floating.isConnected ? floating : (all[1] ?? floating)]) each.run(command);
  };
  window.ventanilla = api;
  for (const command of queue) api(...(Array.from(command) as unknown as Command));
}
