// Writing: drafts are kept on the server, and on this device until they are there; files can be
// chosen, dropped or pasted.
import { isOurs, whose } from "./live.js";
import { startSlash } from "./slash.js";

export function startComposer() {
  const form = document.querySelector("#composer");
  if (!form) return;
  const text = form.elements.body;
  restore(form);
  text.addEventListener("input", () => { grow(text); save(form); });
  form.addEventListener("change", (event) => {
    if (event.target.name === "kind") { save(form); text.focus(); }
    if (event.target.name === "files") add(form, []);
  });
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit();
  });
  text.addEventListener("paste", (event) => takeFrom(form, event, event.clipboardData));
  form.addEventListener("dragover", (event) => { event.preventDefault(); form.classList.add("is-over"); });
  form.addEventListener("dragleave", () => form.classList.remove("is-over"));
  form.addEventListener("drop", (event) => {
    form.classList.remove("is-over");
    takeFrom(form, event, event.dataTransfer);
  });
  startSlash(form);
  startPreview(form);
  document.body.addEventListener("message-withdrawn", (event) => {
    text.value = [event.detail.body, text.value].filter(Boolean).join("\n\n");
    form.elements.kind.value = "reply";
    grow(text);
    save(form);
    text.focus();
    text.setSelectionRange(text.value.length, text.value.length);
  });
  document.body.addEventListener("message-sent", (event) => sent(form, event.detail.key));
  // A draft still under way must not come after what it was for; what is called off may be there
  // already, and is told by its key.
  form.addEventListener("submit", () => { clearTimeout(timer); upload?.abort(); });
  form.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt === form) under = { body: text.value, files: [...chosen] };
  });
  form.addEventListener("htmx:sendError", () => refuse(form.dataset.offline));
  form.addEventListener("htmx:responseError", ({ detail }) => {
    if (!isOurs(detail.xhr)) refuse(form.dataset.offline);
  });
  if (!window.htmx) form.addEventListener("submit", () => forget(form));
}

function storageKey(form) {
  return `ventanilla-console:draft:${form.dataset.draft}`;
}

let timer = 0;
let upload = null;

// What the server has, as far as this page knows, and what is being sent.
let there = "";
let under = { body: "", files: [] };

// What was sent before and arrives later must not win: one upload at a time.
function save(form) {
  const draft = { body: form.elements.body.value, kind: form.elements.kind.value, since: there };
  localStorage.setItem(storageKey(form), JSON.stringify(draft));
  clearTimeout(timer);
  timer = setTimeout(() => store(form, draft), 500);
}

async function store(form, draft) {
  upload?.abort();
  upload = new AbortController();
  const { body, kind } = draft;
  try {
    const answer = await fetch(form.dataset.save, {
      method: "POST", headers: whose(), body: new URLSearchParams({ body, kind, key: form.elements.key.value }),
      signal: upload.signal, keepalive: true,
    });
    // Whoever is signed out meanwhile is answered with the door, which keeps nothing; so is a page of somebody else.
    if (answer.status !== 204) return;
    there = body;
    if (localStorage.getItem(storageKey(form)) === JSON.stringify(draft)) forget(form);
  } catch {
    // Offline: the device keeps it, and the next key press tries again.
  }
}

function forget(form) {
  clearTimeout(timer);
  localStorage.removeItem(storageKey(form));
}

// What this device kept is newer than what it gave the server. If somebody wrote elsewhere since,
// both are kept.
function restore(form) {
  const { body: text, kind: choice } = form.elements;
  const kept = localStorage.getItem(storageKey(form));
  there = text.defaultValue;
  // A page may be written on before its script is there.
  const early = text.value === there ? "" : text.value;
  if (kept) {
    const { body, kind, since } = JSON.parse(kept);
    text.value = both(there === since ? body : both(there, body), early);
    choice.value = kind;
    save(form);
  }
  // Who comes back goes on where they stopped; a page begins at the first letter.
  if (!early) text.setSelectionRange(text.value.length, text.value.length);
  grow(text);
}

function both(older, newer) {
  if (newer.includes(older) || !newer) return newer || older;
  return `${older}\n\n${newer}`;
}

// What was added while the message was on its way is the beginning of the next.
function sent(form, key) {
  const { body, kind } = form.elements;
  upload?.abort();
  form.elements.key.value = key;
  there = "";
  if (body.value === under.body) {
    body.value = "";
    kind.value = "reply";
    forget(form);
  } else {
    if (body.value.startsWith(under.body)) body.value = body.value.slice(under.body.length).trimStart();
    save(form);
  }
  chosen.splice(0, chosen.length, ...chosen.filter((file) => !under.files.includes(file)));
  draw(form);
  grow(body);
  const active = document.activeElement;
  if (active === document.body || form.contains(active)) body.focus();
}

function grow(text) {
  text.rows = Math.min(12, Math.max(3, text.value.split("\n").length + 1));
}

const chosen = [];

function takeFrom(form, event, data) {
  const files = [...(data?.files ?? [])];
  if (!files.length) return;
  event.preventDefault();
  add(form, files);
}

// The dialog replaces what the field holds; what was chosen before is put back in front.
function add(form, files) {
  const given = files.length ? files : [...form.elements.files.files];
  const fresh = given.filter((file) => !chosen.some((old) => old.name === file.name && old.size === file.size));
  chosen.push(...fresh);
  const most = Number(form.dataset.files);
  refuse(chosen.length > most ? form.dataset.tooMany : "");
  chosen.splice(most);
  draw(form);
}

function draw(form) {
  const transfer = new DataTransfer();
  for (const file of chosen) transfer.items.add(file);
  form.elements.files.files = transfer.files;
  document.querySelector("#chosen").replaceChildren(...chosen.map((file) => item(form, file)));
}

function item(form, file) {
  const row = document.createElement("li");
  const name = document.createElement("span");
  const remove = document.createElement("button");
  name.textContent = file.name;
  remove.type = "button";
  remove.className = "plain";
  remove.textContent = "×";
  remove.setAttribute("aria-label", `${form.dataset.remove}: ${file.name}`);
  remove.addEventListener("click", () => {
    chosen.splice(chosen.indexOf(file), 1);
    refuse("");
    draw(form);
  });
  row.append(name, remove);
  return row;
}

function refuse(sentence) {
  const place = document.querySelector("#refusal");
  place.replaceChildren();
  if (!sentence) return;
  const line = document.createElement("p");
  line.className = "refusal";
  line.textContent = sentence;
  place.append(line);
}

function startPreview(form) {
  const toggle = form.querySelector("#preview-toggle");
  if (!toggle || !window.htmx) return;
  const place = form.querySelector("#written");
  const show = (shown) => {
    toggle.setAttribute("aria-pressed", String(shown));
    place.hidden = !shown;
    form.querySelector(".composer-text").hidden = shown;
  };
  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    const shown = place.hidden;
    show(shown);
    if (shown) window.htmx.trigger(toggle, "preview");
    else form.elements.body.focus();
  });
  form.addEventListener("submit", () => show(false));
  document.body.addEventListener("message-withdrawn", () => show(false));
}
