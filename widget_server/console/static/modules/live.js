// Parts that renew themselves. Lists are merged by id, so what did not change keeps its place:
// focus, selection, scroll and loaded pictures stay where they are. Elements name the extension
// themselves (hx-ext): one that its own answer replaces has no parent left to inherit it from.

export function startLive() {
  titleFromCount();
  if (!window.htmx) return;
  window.htmx.defineExtension("keyed", {
    isInlineSwap: (style) => style === "keyed",
    handleSwap: (style, target, fragment) => style === "keyed" && merge(target, fragment),
  });
  document.body.addEventListener("htmx:configRequest", (event) => {
    const writing = document.querySelector("#composer")?.elements.body.value.trim();
    event.detail.headers["X-Writing"] = writing ? "1" : "0";
    event.detail.headers["X-Visible"] = document.visibilityState === "visible" ? "1" : "0";
    Object.assign(event.detail.headers, whose());
  });
  document.body.addEventListener("htmx:beforeSwap", dropWhatIsOld);
  document.body.addEventListener("htmx:oobBeforeSwap", keepWhatIsInUse);
  for (const type of ["pointerdown", "keydown"]) document.addEventListener(type, grasp);
  for (const type of ["change", "pointerup", "focusout"]) document.addEventListener(type, letGo, true);
  document.addEventListener("focusout", catchUp);
  // htmx itself gets to what it swapped a moment later, in which a quick hand would change nothing.
  document.body.addEventListener("htmx:oobAfterSwap", (event) => window.htmx.process(event.target));
  document.body.addEventListener("htmx:afterSettle", announce);
  scrollToEnd();
  document.querySelector("#fresh")?.addEventListener("click", scrollToEnd);
  document.querySelector("#thread-scroll")?.addEventListener("scroll", hideFresh, { passive: true });
  document.querySelector(".row.is-current")?.scrollIntoView({ block: "nearest" });
}

// Whose page this is: another tab may have signed in as somebody else, who has not written what stands here.
export function whose() {
  const you = document.querySelector("#list")?.dataset.you;
  return you ? { "X-Agent": you } : {};
}

// Every answer brings a new question for what comes after it. The answer to one that is gone was
// made before what the page shows now, and would take it back.
function dropWhatIsOld(event) {
  answered = event.detail.requestConfig.elt;
  if (event.detail.isError && !isOurs(event.detail.xhr)) event.detail.shouldSwap = false;
  if (answered.matches("#pulse, #ticket-pulse") && !answered.isConnected) event.detail.shouldSwap = false;
}

// Our own errors say where they belong. What stands before the server knows nothing of the page, and
// its "502 Bad Gateway" would take the place of the list.
export function isOurs(xhr) {
  return xhr.getResponseHeader("HX-Reswap") !== null;
}

function merge(list, fragment) {
  const atEnd = isAtEnd();
  const before = list.childElementCount;
  const wanted = [...fragment.children].filter((node) => node.id);
  const kept = new Set(wanted.map((node) => node.id));
  for (const old of [...list.children]) if (!kept.has(old.id)) old.remove();
  const added = [];
  let place = list.firstElementChild;
  for (const node of wanted) {
    const old = document.getElementById(node.id);
    if (old && old.parentElement === list && same(old, node)) {
      if (old === place) place = place.nextElementSibling;
      else list.insertBefore(old, place);
      continue;
    }
    if (old && old.parentElement === list) {
      if (old === place) place = place.nextElementSibling;
      if (old.querySelector(".pick :checked")) node.querySelector(".pick input").checked = true;
      if (old.classList.contains("is-selected")) node.classList.add("is-selected");
      const focused = old.contains(document.activeElement);
      old.remove();
      list.insertBefore(node, place);
      if (focused) node.querySelector("a")?.focus({ preventScroll: true });
    } else {
      list.insertBefore(node, place);
      if (before) node.classList.add("is-new");
    }
    added.push(node);
  }
  // htmx itself gets to them a moment later, in which a quick hand would leave the page.
  for (const node of added) window.htmx.process(node);
  if (list.id === "thread" && added.length) atEnd ? scrollToEnd() : showFresh(added);
  return added;
}

// Times tick on their own, and folds are the reader's: neither is a reason to replace a node.
function same(one, other) {
  return shape(one) === shape(other);
}

function shape(node) {
  const copy = node.cloneNode(true);
  copy.classList.remove("is-selected", "is-new", "htmx-added", "htmx-settling");
  for (const fold of copy.querySelectorAll("details")) fold.open = false;
  for (const time of copy.querySelectorAll("time")) {
    time.textContent = "";
    time.removeAttribute("title");
  }
  return copy.outerHTML;
}

// Whose answer is being put into the page.
let answered = null;

// What came for a card in use, by the card's id. It takes its place once the card is free.
const late = new Map();

// A card someone is typing or choosing in is left alone for now. So is one with a request under
// way: without the form that sent it, htmx would not place the answer.
function keepWhatIsInUse(event) {
  const { target, fragment } = event.detail;
  // Who is writing has seen what stood there when they began.
  if (target.id === "seen" && document.querySelector("#composer").elements.body.value.trim()) {
    event.detail.shouldSwap = false;
  } else if (inUse(target)) {
    event.detail.shouldSwap = false;
    late.set(target.id, fragment);
  } else {
    late.delete(target.id);
    keepState(target, fragment);
  }
}

function inUse(card) {
  const active = document.activeElement;
  const own = card.contains(answered);
  const choosing = active === grasped || (active.matches(TEXTS) && isTyped(active));
  const asking = [...card.querySelectorAll(".htmx-request")].some((each) => each !== answered);
  return asking || (choosing && !own && card.contains(active));
}

// A list that was opened, or a slider that is being pulled. The lists of a browser say neither that
// they are open nor that they were closed without a choice; leaving them says the latter.
let grasped = null;

function grasp(event) {
  const opens = event.type === "pointerdown" || [" ", "Enter", "ArrowDown", "ArrowUp"].includes(event.key);
  if (event.key === "Escape") grasped = null;
  else if (opens && event.target.matches?.("select, [type=range]")) grasped = event.target;
}

function letGo(event) {
  if (event.target === grasped && (event.type !== "pointerup" || grasped.type === "range")) grasped = null;
}

function catchUp({ target, relatedTarget }) {
  const card = target.closest?.(".card");
  const fresh = late.get(card?.id);
  answered = null;
  if (!fresh || card.contains(relatedTarget) || card.querySelector(".htmx-request")) return;
  late.delete(card.id);
  keepState(card, fresh);
  const next = fresh.firstElementChild;
  card.replaceWith(next);
  window.htmx.process(next);
  announce();
}

const TEXTS = "textarea, input:not([type=checkbox], [type=radio], [type=range], [type=hidden])";

const isTyped = (field) => field.value !== field.defaultValue;

// What is folded open stays so, and what is typed or chosen but not sent stays as it is.
function keepState(target, fragment) {
  if (!fragment) return;
  const fresh = fragment.querySelectorAll("details");
  target.querySelectorAll("details").forEach((old, index) => {
    if (fresh[index]) fresh[index].open = old.open;
  });
  for (const old of target.querySelectorAll(`${TEXTS}, ${CHOICES}`)) {
    const changed = old.matches(CHOICES) || isTyped(old);
    if (!changed || !old.form || old.form.contains(answered)) continue;
    const wanted = placeOf(old);
    const again = fragment.querySelector(wanted);
    if (again && target.querySelectorAll(wanted).length === 1) again.value = old.value;
  }
}

// Choices that a button sends; the others are sent as they are made.
const CHOICES = "form:not([hx-trigger]) select";

// Where a field stands, whatever else on the page has its name.
export function placeOf(field) {
  const form = field.form ? `form[action="${CSS.escape(field.form.getAttribute("action"))}"] ` : "";
  return `${form}${field.localName}[name="${CSS.escape(field.name)}"]`;
}

function announce() {
  titleFromCount();
  document.dispatchEvent(new CustomEvent("console:changed"));
}

function titleFromCount() {
  const unread = Number(document.querySelector("#places")?.dataset.unread ?? 0);
  const title = document.title.replace(/^\(\d+\) /, "");
  document.title = unread ? `(${unread}) ${title}` : title;
}

function scroller() {
  const pane = document.querySelector("#thread-scroll");
  return pane && pane.scrollHeight > pane.clientHeight + 1 ? pane : null;
}

function isAtEnd() {
  const pane = scroller();
  return !pane || pane.scrollHeight - pane.scrollTop - pane.clientHeight < 80;
}

function scrollToEnd() {
  const pane = scroller();
  if (pane) pane.scrollTop = pane.scrollHeight;
  hideFresh();
}

function showFresh(added) {
  const fresh = document.querySelector("#fresh");
  if (fresh && added.some((node) => node.classList.contains("is-new"))) fresh.hidden = false;
}

function hideFresh() {
  const fresh = document.querySelector("#fresh");
  if (fresh && isAtEnd()) fresh.hidden = true;
}
