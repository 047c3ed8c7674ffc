// The preview's server: whatever the window asks is answered here, with requests nobody made.

const { dataset } = document.currentScript;
const { session, ticket } = JSON.parse(dataset.answers);
const answer = (body, status = 200) => Promise.resolve(new Response(body && JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } }));

window.fetch = (address, { method = "GET" } = {}) => {
  const path = new URL(address).pathname.replace(/^.*\/api\/v1/, "");
  if (path === "/sessions") return answer(session, 201);
  if (path === "/updates") return answer(null, 304);
  if (path === "/tickets" && method === "GET") return answer(session.home);
  if (path.startsWith("/tickets/") && method === "GET") return answer(ticket);
  if (path === "/suggestions") return answer({ suggestions: [] });
  return answer({ error: { code: "not_found", message: "This is a preview." } }, 404);
};

// The window takes the focus when it opens; here only from somebody in it, not from who types beside.
let used = false;
for (const name of ["pointerdown", "keydown"]) addEventListener(name, () => { used = true; }, { capture: true, once: true });
const { focus } = HTMLElement.prototype;
HTMLElement.prototype.focus = function (...options) {
  if (used) focus.apply(this, options);
};
for (const show of ["showModal", "showPopover"]) {
  const real = HTMLDialogElement.prototype[show];
  HTMLDialogElement.prototype[show] = function (...options) {
    this.inert = !used; // What is inert is not given the focus.
    real.apply(this, options);
    this.inert = false;
  };
}

for (const name of ["opened", "closed"]) {
  addEventListener(`ventanilla:${name}`, () => parent.postMessage({ preview: name }, "*"));
}

const waiting = "open" in dataset ? [["open"]] : [];
window.ventanilla = (...command) => waiting.push(command);
window.ventanilla.q = waiting;
