/** The panel behind the button: fetched at the first click, kept for the page's life. */
import { render } from 'preact';
import { parse, readableOn } from '../colour';
import type { Command, Mount, Panel, Texts } from '../site';
import { createActions } from './actions';
import { createApi } from './api';
import { createWords, type Catalogue } from './i18n';
import { bringLater } from './later';
import css from './panel.css?inline';
import { watchUpdates } from './poll';
import { Session, type Identity } from './session';
import { blank, type PanelState } from './state';
import { createStorage } from './storage';
import { createStore } from './store';
import { App } from './views/App';

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

/** Milliseconds the list has the network for itself. */
const REST_MS = 800;

/** Pixels of width under which the panel is a sheet over the whole page. */
const PHONE = 480;

export function mount(into: Mount, catalogue: Catalogue): Panel {
  const { site, element, root, language, inline } = into;
  const words = createWords(language, catalogue);
  const kept = createStorage(site.key);
  const session = new Session({
    site,
    language,
    identityUrl: into.identityUrl,
    person: into.person,
    early: into.early,
    asked: into.asked,
    kept,
    changed: () => {
      actions.forget();
      for (const wish of wishes?.splice(0) ?? []) run(wish);
    },
  });
  const api = createApi(site, session, language);
  const context: Record<string, unknown> = {};
  /** What the page asked for before it was known who is there: it holds for whoever that is. */
  let wishes: Command[] | null = [];
  const announce = (name: string, detail: unknown = null): void =>
    void element.dispatchEvent(new CustomEvent(`ventanilla:${name}`, { bubbles: true, composed: true, detail }));

  const store = createStore<PanelState>({ ...blank(), open: false, checking: false, online: navigator.onLine });
  const actions = createActions({ site, store, api, session, kept, words, context, announce, badge: into.badge });
  const poll = watchUpdates({ store, api, actions, announce, badge: into.badge, alive: () => element.isConnected });

  const accent = getComputedStyle(element).getPropertyValue('--ventanilla-accent').trim() || site.look.accent;
  const tones = new CSSStyleSheet();
  const [r, g, b] = parse(accent);
  tones.replaceSync(
    `:host{--_tint:rgb(${r} ${g} ${b});--_link:light-dark(${readableOn(accent, '#ffffff')},${readableOn(accent, '#1b1e26')})}`,
  );
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet, tones];

  const later = bringLater(root);

  const dialog = document.createElement(inline ? 'div' : 'dialog') as HTMLDialogElement;
  dialog.className = inline ? 'panel inline' : 'panel';
  dialog.lang = language;
  dialog.dir = getComputedStyle(document.documentElement).direction; // It stands where the button does.
  dialog.setAttribute('aria-label', site.name);
  root.append(dialog);

  const phone = (): boolean => innerWidth < PHONE;

  /** Both live in the top layer; a phone's sheet also makes the page behind it inert. */
  function show(): void {
    if (inline) return;
    if (phone()) {
      dialog.popover = null;
      dialog.showModal();
    } else {
      dialog.popover = 'manual';
      dialog.role = 'dialog';
      dialog.showPopover();
    }
  }

  function hide(): void {
    if (dialog.hasAttribute('popover')) dialog.hidePopover();
    else dialog.close();
  }

  function open(): void {
    if (store.get().open) return;
    // What was drawn before may be somebody else's by now.
    const handed = location.hash.includes('ventanilla=');
    store.set({ open: true, checking: handed || session.asks });
    show();
    announce('open');
    const came = handed ? later.bring().then(({ handOver }) => handOver(actions)) : Promise.resolve();
    void came.then(async (id) => {
      const { home } = store.get();
      await actions.start();
      if (store.get().home) wishes = null;
      if (id) void actions.show(id);
      if (store.get().open) poll.start(store.get().home !== home);
      setTimeout(() => void later.bring(), REST_MS); // The list comes first.
    });
    if (!inline) dialog.querySelector<HTMLElement>('h2')?.focus();
  }

  function close(): void {
    if (!store.get().open || inline) return;
    store.set({ open: false });
    wishes = [];
    poll.stop();
    hide();
    announce('close');
    into.closed();
  }

  dialog.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !inline) {
      event.preventDefault();
      close();
    }
  });
  // Focus may have been on something that is gone.
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && document.activeElement === document.body) close();
  });
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    close();
  });
  addEventListener('online', () => {
    store.set({ online: true });
    store.get().problem?.retry?.();
  });
  addEventListener('offline', () => store.set({ online: false }));
  // A page restored from the back/forward cache may belong to somebody else by now.
  addEventListener('pageshow', (event) => {
    if (event.persisted && store.get().open) void actions.start();
  });
  // The on-screen keyboard covers a phone's page; the sheet follows what is left of it.
  const viewport = window.visualViewport;
  const follow = (): void => {
    dialog.style.setProperty('--_height', `${viewport!.height}px`);
    dialog.style.setProperty('--_top', `${viewport!.offsetTop}px`);
  };
  viewport?.addEventListener('resize', follow);
  viewport?.addEventListener('scroll', follow);

  const pick = <T,>(each: Record<string, T> | undefined): T | undefined => each?.[language] ?? each?.[site.default_language] ?? Object.values(each ?? {})[0];
  const say = (texts: Texts | undefined): string => pick(texts) ?? '';
  render(<App store={store} needs={{ site, words, actions, inline, root, later, close, say, pick }} />, dialog);

  function run([name, value]: Command): void {
    const given = (value ?? {}) as Record<string, unknown>;
    if (name === 'toggle') return store.get().open ? close() : open();
    if (name === 'close') return close();
    if (name === 'identify') return actions.identify(value as Identity);
    if (name === 'logout') {
      wishes = [];
      return actions.logout();
    }
    if (name === 'context') return void Object.assign(context, given);
    wishes?.push([name, value]);
    if (name === 'prefill') {
      const { title, body, description, category } = given as Record<string, string | undefined>;
      const text = body ?? description;
      return actions.edit({ ...(title ? { title } : {}), ...(text ? { body: text } : {}), ...(category ? { category } : {}) });
    }
    if (name === 'open') {
      open();
      if (given.screen === 'new') actions.compose();
      if (given.screen === 'home') actions.home();
      if (typeof given.ticket === 'string') void actions.show(given.ticket);
    }
  }

  if (inline) open();
  return {
    run,
    open,
    close,
    resume() {
      if (!store.get().open) return;
      if (!inline) {
        hide();
        show();
      }
      poll.start();
    },
    get isOpen() {
      return store.get().open;
    },
  };
}
