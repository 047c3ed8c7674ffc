// A site's look: what is edited shows at once in the real window beside it.

export function startLook() {
  const form = document.querySelector("#look");
  if (!form) return;
  let frame = document.querySelector(".glass iframe");
  let opened = false;
  mirror(form);

  window.addEventListener("message", (event) => {
    if (event.source === frame.contentWindow && event.data?.preview) opened = event.data.preview === "opened";
  });

  // What is being edited is what is shown: the button, or the window it opens.
  form.addEventListener("input", (event) => {
    const shows = event.target.closest("[data-shows]")?.dataset.shows;
    if (shows) opened = shows === "window";
  });

  const address = () => document.querySelector("#look-colours")?.dataset.preview;
  let shown = address();
  document.body.addEventListener("htmx:afterSettle", () => {
    if (address() && said(address()) !== said(shown)) show();
  });
  for (const size of document.querySelectorAll("[name=size]")) size.addEventListener("change", show);

  // Another frame is loaded behind the one that is seen: nothing flickers, and no step back is added.
  // One that is still coming makes way, or the older of two could come last and stay.
  function show() {
    shown = address() ?? shown;
    for (const other of frame.parentElement.querySelectorAll(".is-coming")) other.remove();
    const next = frame.cloneNode();
    next.src = opened ? `${shown}&open` : shown;
    next.classList.add("is-coming");
    next.addEventListener("load", () => {
      next.classList.remove("is-coming");
      frame.remove();
      frame = next;
    }, { once: true });
    frame.parentElement.append(next);
  }
}

/** What the draft in an address says, without when it was signed and the signature. */
function said(address) {
  return address && new URL(address, location.href).searchParams.get("draft").split(".").slice(0, -2).join(".");
}

/** The colour's picker and its text say the same; a slider says its number. */
function mirror(form) {
  const picker = form.querySelector("[data-mirrors]");
  const text = form.elements.namedItem(picker.dataset.mirrors);
  picker.closest("[hidden]").hidden = false;
  picker.addEventListener("input", () => { text.value = picker.value; });
  text.addEventListener("input", () => { if (/^#[\da-f]{6}$/i.test(text.value)) picker.value = text.value; });
  for (const output of form.querySelectorAll("[data-of]")) {
    const slider = form.elements.namedItem(output.dataset.of);
    slider.addEventListener("input", () => { output.textContent = slider.value; });
  }
}
