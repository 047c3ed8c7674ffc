// The cards beside a ticket: the percent follows the slider, steps send themselves.
import { placeOf } from "./live.js";

export function startRail() {
  document.addEventListener("input", (event) => {
    if (event.target.name !== "progress") return;
    const output = document.querySelector("#percent");
    if (output) output.textContent = output.textContent.replace(/\d+/, event.target.value);
  });
  document.addEventListener("change", (event) => {
    const { target } = event;
    if (target.matches("[data-autosubmit]")) target.form.requestSubmit();
  });
  document.addEventListener("click", closeMenus);
  document.body.addEventListener("htmx:afterSettle", refocus);
  document.body.addEventListener("htmx:oobBeforeSwap", remember);
}

let last = null;

function remember(event) {
  const active = document.activeElement;
  if (event.detail.target?.contains(active) && active.name) last = describe(active);
}

function refocus() {
  if (!last) return;
  const wanted = last;
  last = null;
  if (document.activeElement !== document.body) return;
  const again = document.querySelector(wanted);
  again?.focus({ preventScroll: true });
}

function describe(element) {
  const card = element.closest(".card");
  const value = element.type === "checkbox" ? `[value="${CSS.escape(element.value)}"]` : "";
  return `${card ? `#${card.id} ` : ""}${placeOf(element)}${value}`;
}

function closeMenus(event) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
}
