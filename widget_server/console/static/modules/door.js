// The sign-in page: counts down until another try is possible.

export function startDoor() {
  const notice = document.querySelector("[data-countdown]");
  if (!notice) return;
  const ends = Date.now() + Number(notice.dataset.countdown) * 1000;
  const button = document.querySelector(".door form .button");
  button.disabled = true;
  const timer = setInterval(() => {
    const left = Math.max(0, Math.ceil((ends - Date.now()) / 1000));
    const seconds = String(left % 60).padStart(2, "0");
    notice.querySelector(".countdown").textContent = `${Math.floor(left / 60)}:${seconds}`;
    if (left) return;
    clearInterval(timer);
    button.disabled = false;
    notice.remove();
  }, 500);
}
