// Buttons that copy the text beside them.

export function startCopy() {
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const text = button.parentElement.querySelector("pre");
    if (await copy(text)) done(button);
  });
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text.textContent);
    return true;
  } catch {
    // On plain http there is no clipboard to write to: select the text and ask the browser.
    getSelection().selectAllChildren(text);
    return document.execCommand("copy");
  }
}

function done(button) {
  const use = button.querySelector("use");
  use.setAttribute("href", "#i-tick");
  button.classList.add("is-done");
  setTimeout(() => {
    use.setAttribute("href", "#i-copy");
    button.classList.remove("is-done");
  }, 2000);
}
