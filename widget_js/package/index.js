/** Puts the button on a page once, however often it is asked to, and types what can be said to it. */

const COMMANDS = ['open', 'close', 'toggle', 'prefill', 'identify', 'logout', 'context'];
const ATTRIBUTES = { identityUrl: 'identity-url', identityCookie: 'identity-cookie', for: 'for', button: 'button', lang: 'lang', theme: 'theme' };

let loaded = null;

export function load(options) {
  if (typeof document === 'undefined') return handle(Promise.resolve());
  const url = `${options.server.replace(/\/+$/, '')}/w/${encodeURIComponent(options.site)}.js`;
  if (loaded?.url === url) {
    // A view inside the page needs no button; whoever wants one beside it says so before the script runs.
    if (options.button !== 'none') loaded.script.removeAttribute('data-button');
    return loaded.handle;
  }
  if (loaded) throw new Error(`This page has the window of ${loaded.url} already; a page has one.`);
  queue();
  const [script, ready] = append(url, options);
  loaded = { url, script, handle: handle(ready) };
  return loaded.handle;
}

/** What is said before the script is there is kept for it. */
function queue() {
  window.ventanilla ??= function () {
    (window.ventanilla.q ??= []).push(arguments);
  };
}

function append(url, options) {
  const script = document.createElement('script');
  script.async = true;
  script.src = url;
  if (options.nonce) script.nonce = options.nonce;
  for (const [name, attribute] of Object.entries(ATTRIBUTES)) {
    if (options[name] != null) script.setAttribute(`data-${attribute}`, options[name]);
  }
  const ready = new Promise((resolve, reject) => {
    script.addEventListener('load', () => resolve());
    script.addEventListener('error', () => {
      script.remove();
      loaded = null;
      reject(new Error(`${url} could not be loaded. Is the address right, and may the page load scripts from there?`));
    });
  });
  // Whoever waits hears of a failure; a page that does not wait goes on without the button.
  ready.catch(() => {});
  document.head.append(script);
  return [script, ready];
}

function handle(ready) {
  const said = Object.fromEntries(COMMANDS.map((name) => [name, (value) => globalThis.ventanilla?.(name, value)]));
  return {
    ...said,
    ready,
    on(event, listener) {
      if (typeof document === 'undefined') return () => {};
      const name = `ventanilla:${event}`;
      const heard = (dispatched) => listener(dispatched.detail ?? undefined);
      document.addEventListener(name, heard);
      return () => document.removeEventListener(name, heard);
    },
  };
}
