// An article being written is not left by accident; Ctrl+S saves it.

export function startEditor() {
  const form = document.querySelector("#editor");
  if (!form) return;
  let changed = "changed" in form.dataset;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "s" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector('button[value="save"]'));
  });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}
