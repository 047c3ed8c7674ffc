// Toasts leave by themselves, but not while someone points at them or holds the focus inside.

export function startToasts() {
  watch();
  document.addEventListener("console:changed", watch);
  document.body.addEventListener("htmx:oobAfterSwap", watch);
}

function watch() {
  for (const toast of document.querySelectorAll(".toast:not([data-watched])")) {
    toast.dataset.watched = "1";
    let left = Number(toast.dataset.seconds ?? 5);
    const timer = setInterval(() => {
      if (!toast.isConnected) return clearInterval(timer);
      if (toast.matches(":hover, :focus-within")) return;
      left -= 1;
      if (left > 0) return;
      clearInterval(timer);
      toast.remove();
    }, 1000);
  }
}
