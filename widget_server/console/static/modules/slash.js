// Saved replies: a slash at the start of a line offers them, letters narrow, Enter puts one in.

let replies = null;

export function startSlash(form) {
  const text = form.elements.body;
  const list = form.querySelector("#suggested");
  text.setAttribute("aria-controls", list.id);
  text.addEventListener("input", () => offer(form, text, list));
  text.addEventListener("blur", () => close(text, list));
  text.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) mark(text, list, step);
    else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") take(text, list);
    else if (event.key === "Escape") close(text, list);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  });
  // The field keeps the focus while the pointer chooses.
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const item = event.target.closest("[role=option]");
    if (!item) return;
    select(text, list, item);
    take(text, list);
  });
}

function typed(text) {
  return /(?:^|\n)\/([^\n/]{0,40})$/.exec(text.value.slice(0, text.selectionStart))?.[1] ?? null;
}

async function offer(form, text, list) {
  if (typed(text) === null) return close(text, list);
  replies ??= ask(form.dataset.replies);
  const known = await replies;
  const word = typed(text);
  if (word === null) return close(text, list);
  const found = known.filter((reply) => fold(reply.name).includes(fold(word))).slice(0, 8);
  list.replaceChildren(...(found.length ? found.map(option) : [nothing(form)]));
  list.hidden = false;
  select(text, list, list.querySelector("[role=option]:not([aria-disabled])"));
}

// What could not be asked for is asked for again at the next letter.
async function ask(address) {
  try {
    const answer = await fetch(address);
    if (answer.ok) return await answer.json();
  } catch {
    // Offline, or signed out and shown the door.
  }
  replies = null;
  return [];
}

function fold(name) {
  return name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function option(reply, number) {
  const item = document.createElement("li");
  const name = document.createElement("strong");
  const body = document.createElement("span");
  item.id = `suggested-${number}`;
  item.setAttribute("role", "option");
  item.body = reply.body;
  name.textContent = reply.name;
  body.textContent = reply.body.replace(/\s+/g, " ").slice(0, 120);
  item.append(name, body);
  return item;
}

function nothing(form) {
  const item = document.createElement("li");
  item.setAttribute("role", "option");
  item.setAttribute("aria-disabled", "true");
  item.textContent = form.dataset.noReplies;
  return item;
}

function select(text, list, item) {
  for (const each of list.children) each.setAttribute("aria-selected", String(each === item));
  if (item) text.setAttribute("aria-activedescendant", item.id);
  else text.removeAttribute("aria-activedescendant");
  item?.scrollIntoView({ block: "nearest" });
}

function mark(text, list, step) {
  const all = [...list.querySelectorAll("[role=option]:not([aria-disabled])")];
  if (!all.length) return;
  const now = all.findIndex((item) => item.getAttribute("aria-selected") === "true");
  select(text, list, all[(now + step + all.length) % all.length]);
}

function take(text, list) {
  const item = list.querySelector('[aria-selected="true"]');
  if (item?.body) {
    const end = text.selectionStart;
    text.setRangeText(item.body, end - typed(text).length - 1, end, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }
  close(text, list);
}

function close(text, list) {
  list.hidden = true;
  list.replaceChildren();
  text.removeAttribute("aria-activedescendant");
}
