// The keyboard: one letter each, never while someone types.

const TYPING = "input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable]";
let afterG = false;

export function startKeys() {
  const help = document.querySelector("#keys");
  if (!help) return;
  for (const opener of document.querySelectorAll("[data-help]")) {
    opener.hidden = false;
    opener.addEventListener("click", () => help.showModal());
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.matches?.(TYPING)) return event.target.blur();
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(TYPING)) return;
    if (document.querySelector("dialog[open]")) return;
    const act = afterG && event.key === "i" ? goToInbox : ACTS[event.key];
    afterG = event.key === "g";
    if (act && act(help) !== false) event.preventDefault();
  });
}

const ACTS = {
  j: () => move(1),
  k: () => move(-1),
  Enter: open,
  "/": () => document.querySelector(".search input")?.select(),
  e: () => act("e", "state", { state: "completed" }),
  a: () => act("a", "assignee", { assignee: "me" }),
  x: pick,
  z: () => press("z"),
  s: () => document.querySelector('[data-key="s"]')?.focus(),
  r: () => write("reply"),
  n: () => write("note"),
  "?": (help) => help.showModal(),
};

function rows() {
  return [...document.querySelectorAll("#rows .row")];
}

function selected() {
  return document.querySelector("#rows .is-selected") ?? document.querySelector("#rows .is-current");
}

function move(step) {
  const all = rows();
  const now = all.indexOf(selected());
  const next = all[now < 0 ? 0 : Math.min(all.length - 1, Math.max(0, now + step))];
  if (!next) return;
  for (const row of all) row.classList.toggle("is-selected", row === next);
  const link = next.querySelector("a");
  if (link.checkVisibility()) link.focus({ preventScroll: true });
  else link.click();
  next.scrollIntoView({ block: "nearest" });
}

function open() {
  if (document.activeElement && document.activeElement !== document.body) return false;
  selected()?.querySelector("a").click();
}

// On a ticket its own button is pressed; in the inbox the selected row is acted on.
function act(key, name, values) {
  if (document.querySelector(".pick :checked")) {
    return document.querySelector(`[data-bulk="${key}"]`)?.click();
  }
  const button = document.querySelector(`#main [data-key="${key}"]`);
  if (button) return button.click();
  const row = selected();
  if (!row || document.querySelector("#thread") || !window.htmx) return;
  if (name === "state" && row.dataset.state === "completed") return;
  window.htmx.ajax("POST", `${row.dataset.acts}/${name}`, {
    target: "#rows", swap: "none", values: { ...values, from: "inbox" },
  });
}

function pick() {
  const box = selected()?.querySelector(".pick input");
  if (!box || !document.querySelector("#bulk")) return false;
  box.click();
}

function press(key) {
  const button = document.querySelector(`#main [data-key="${key}"], .toast button`);
  if (!button) return false;
  button.click();
}

function write(kind) {
  const composer = document.querySelector("#composer");
  if (!composer) return;
  composer.elements.kind.value = kind;
  composer.elements.body.focus();
}

function goToInbox() {
  location.assign(document.querySelector(".brand").href);
}
