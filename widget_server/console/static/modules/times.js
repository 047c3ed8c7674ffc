// Times: relative ones move on, dates and exact times are put into the reader's own zone.
const MINUTE = 60, HOUR = 3600, DAY = 86400;
const language = document.documentElement.lang;
const relative = new Intl.RelativeTimeFormat(language, { style: "short" });
const exact = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" });
const thisYear = new Intl.DateTimeFormat(language, { day: "numeric", month: "short" });
const hour = new Intl.DateTimeFormat(language, { timeStyle: "short" });
const ahead = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", hour: "numeric", minute: "2-digit" });
const otherYear = new Intl.DateTimeFormat(language, { dateStyle: "medium" });

export function startTimes() {
  refresh(document.body);
  setInterval(() => refresh(document.body), 30_000);
  document.addEventListener("console:changed", () => refresh(document.body));
}

function refresh(root) {
  const now = Date.now();
  for (const time of root.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    const past = "exact" in time.dataset ? -1 : (now - at) / 1000;
    const text = said(at, past, new Date(now));
    if (text && time.textContent !== text) time.textContent = text;
    time.title = exact.format(at);
  }
}

function said(at, seconds, now) {
  if (seconds < 0) return (at.toDateString() === now.toDateString() ? hour : ahead).format(at);
  if (seconds < MINUTE) return null; // the server's "just now" stands
  if (seconds < HOUR) return relative.format(-Math.floor(seconds / MINUTE), "minute");
  if (seconds < DAY) return relative.format(-Math.floor(seconds / HOUR), "hour");
  return (at.getFullYear() === now.getFullYear() ? thisYear : otherYear).format(at);
}
