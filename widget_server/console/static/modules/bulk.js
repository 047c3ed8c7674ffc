// Several tickets at once: counts what is ticked, sends a choice as soon as it is made.

export function startBulk() {
  document.addEventListener("change", (event) => {
    if (event.target.matches(".pick input")) count();
    if (!event.target.matches("[data-bulk-choice]") || !event.target.value) return;
    event.target.form.requestSubmit();
  });
  document.addEventListener("reset", (event) => { if (event.target.id === "bulk") setTimeout(count); });
  document.addEventListener("click", range);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.querySelector(".pick :checked")) clear();
  });
  document.body.addEventListener("htmx:configRequest", choose);
  document.body.addEventListener("bulk-done", clear);
  document.addEventListener("console:changed", count);
  document.addEventListener("console:changed", offerNext);
  count();
}

// A form's choices share one name: the one that was made counts, a button's own goes first.
function choose(event) {
  if (event.detail.elt.id !== "bulk") return;
  const made = [...event.detail.elt.querySelectorAll("[data-bulk-choice]")].find((each) => each.value);
  if (made) event.detail.formData.set("act", made.value);
  else if (event.detail.triggeringEvent?.submitter) event.detail.formData.set("act", event.detail.triggeringEvent.submitter.value);
}

let last = null;

function range(event) {
  if (!event.target.matches(".pick input")) return;
  const all = [...document.querySelectorAll(".pick input")];
  if (event.shiftKey && last?.isConnected) {
    const [from, to] = [all.indexOf(last), all.indexOf(event.target)].sort((one, other) => one - other);
    for (const box of all.slice(from, to + 1)) box.checked = event.target.checked;
    count();
  }
  last = event.target;
}

function clear() {
  for (const box of document.querySelectorAll(".pick :checked")) box.checked = false;
  document.querySelector("#bulk")?.reset();
  count();
}

function count() {
  const place = document.querySelector(".bulk-count");
  if (!place) return;
  const chosen = document.querySelectorAll(".pick :checked").length;
  for (const each of document.querySelectorAll("[data-bulk-choice]")) each.disabled = !chosen;
  const text = chosen ? place.dataset[chosen === 1 ? "one" : "other"].replace("#", chosen) : "";
  if (place.textContent !== text) place.textContent = text;
}

// After closing a ticket the next one of the list is an Enter away, unless somebody writes already.
function offerNext() {
  const link = document.querySelector("[data-next][hidden]");
  if (!link) return;
  const current = document.querySelector("#rows .is-current");
  const rows = [...document.querySelectorAll("#rows .row")];
  const place = rows.indexOf(current);
  const next = rows[place + 1] ?? rows[place - 1] ?? null;
  const target = next?.querySelector(".row-link");
  if (!target) return;
  link.href = target.href;
  link.hidden = false;
  if (!document.activeElement?.matches("textarea, input")) link.focus();
}
