// One press proves the address and opens the requests; nothing happens before it.
const main = document.querySelector('main');
const { site } = main.dataset;
const token = location.pathname.split('/').pop();
const kept = `ventanilla:${site}:`;
let busy = false;

const section = (when) => main.querySelector(`[data-when="${when}"]`);
const say = (text) => (main.querySelector('.said').textContent = text);
const clock = (seconds) => `${Math.floor(seconds / 60)}:${`${seconds % 60}`.padStart(2, '0')}`;

async function post(path, body, session) {
  const headers = { 'Content-Type': 'application/json', ...(session ? { Authorization: `Bearer ${session}` } : {}) };
  const answer = await fetch(`/api/v1/mail-links${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  const data = await answer.json();
  if (!answer.ok) throw data.error;
  return data;
}

/** A limit counts down on the button it holds back. */
function hold(button, seconds) {
  const label = button.textContent;
  const until = Date.now() + seconds * 1000;
  button.setAttribute('aria-disabled', 'true');
  const tick = () => {
    const left = Math.ceil((until - Date.now()) / 1000);
    button.textContent = left > 0 ? main.dataset.wait.replace('{time}', clock(left)) : label;
    if (left > 0) return setTimeout(tick, 250);
    button.removeAttribute('aria-disabled');
    say('');
  };
  tick();
}

function show({ token: session, requester, ticket }) {
  // Whoever used this browser before is forgotten first.
  for (const key of Object.keys(localStorage)) if (key.startsWith(kept)) localStorage.removeItem(key);
  localStorage.setItem(`${kept}session`, JSON.stringify({ who: 'guest', token: session, requester }));
  const script = document.createElement('script');
  script.src = `/w/${site}.js`;
  script.dataset.button = 'none';
  const view = document.createElement('ventanilla-widget');
  view.setAttribute('site', site);
  view.setAttribute('lang', document.documentElement.lang);
  main.replaceChildren(view, script);
  document.body.className = 'open';
  const header = document.querySelector('header');
  header.hidden = false;
  header.querySelector('button')?.addEventListener('click', ({ currentTarget }) => leave(currentTarget, session));
  if (!ticket) return;
  window.ventanilla = (...command) => (ventanilla.q = ventanilla.q ?? []).push(command);
  window.ventanilla('open', { ticket });
}

async function leave(button, session) {
  if (button.ariaDisabled === 'true') return;
  button.ariaDisabled = 'true';
  try {
    const { handoff, url } = await post('/handoff', {}, session);
    location.href = `${url}#ventanilla=${handoff}`;
  } catch (error) {
    button.ariaDisabled = 'false';
    if (error.retry_after) hold(button, error.retry_after);
  }
}

const acts = {
  open: async () => show(await post('/redemption', { token })),
  async again(button) {
    const { sent_to: email } = await post('', { token });
    say(main.dataset.sent.replace('{email}', email));
    hold(button, 30);
  },
};

main.addEventListener('click', async (event) => {
  const { target } = event;
  const act = acts[target.dataset?.act];
  if (act) event.preventDefault(); // Without this script the button sends its form, which confirms.
  if (!act || busy || target.ariaDisabled === 'true') return;
  busy = true;
  say('');
  try {
    await act(target);
  } catch (error) {
    if (error.code === 'link_stale') {
      section('good').hidden = true;
      section('stale').hidden = false;
      section('stale').querySelector('h1').focus();
    } else {
      say(main.dataset.failed);
      if (error.retry_after) hold(target, error.retry_after);
    }
  }
  busy = false;
});
