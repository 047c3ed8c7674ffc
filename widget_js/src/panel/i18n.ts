/** Words and numbers in the reader's language. */

export type Catalogue = Record<string, string>;

export interface Words {
  language: string;
  /** The text for `key`, with `{names}` filled in; plural forms are `key.one`, `key.other`. */
  t(key: string, values?: Record<string, string | number>): string;
  /** Knows more texts from now on: those of a part that comes later. */
  learn(more: Catalogue): void;
  percent(value: number): string;
  bytes(value: number): string;
  /** "5 min ago" up to a day, then a date. */
  ago(iso: string, now?: number): string;
  exact(iso: string): string;
  day(iso: string): string;
  /** "We answer before tomorrow at 10:12", as a sentence. */
  before(iso: string, now?: number): string;
  /** "tomorrow at 9:00", within a sentence. */
  at(moment: number, now?: number): string;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Makes it when it is first wanted: a formatter takes a phone ten milliseconds, and few lists need them all. */
function lazy<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

export function createWords(language: string, catalogue: Catalogue): Words {
  const plural = lazy(() => new Intl.PluralRules(language));
  const relative = lazy(() => new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' }));
  const dates = (options: Intl.DateTimeFormatOptions) => lazy(() => new Intl.DateTimeFormat(language, options));
  const numbers = (options: Intl.NumberFormatOptions) => lazy(() => new Intl.NumberFormat(language, options));
  const exact = dates({ dateStyle: 'medium', timeStyle: 'short' });
  const short = dates({ day: 'numeric', month: 'short' });
  const withYear = dates({ day: 'numeric', month: 'short', year: 'numeric' });
  const time = dates({ hour: 'numeric', minute: '2-digit' });
  const weekday = dates({ weekday: 'long', day: 'numeric', month: 'long' });
  const number = numbers({ maximumFractionDigits: 1 });
  const percent = numbers({ style: 'percent' });

  function day(iso: string): string {
    const date = new Date(iso);
    return (date.getFullYear() === new Date().getFullYear() ? short() : withYear()).format(date);
  }

  function t(key: string, values: Record<string, string | number> = {}): string {
    const count = values.count;
    const form = typeof count === 'number' ? `${key}.${plural().select(count)}` : key;
    const text = catalogue[form] ?? catalogue[`${key}.other`] ?? catalogue[key] ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name];
      return value === undefined ? whole : typeof value === 'number' ? number().format(value) : value;
    });
  }

  return {
    language,
    t,
    learn: (more) => void (catalogue = { ...catalogue, ...more }),
    percent: (value) => percent().format(value / 100),
    bytes: (value) => {
      const [size, unit] = value < 1e6 ? [Math.max(1, value / 1024), 'kilobyte'] : [value / 1048576, 'megabyte'];
      return new Intl.NumberFormat(language, { style: 'unit', unit, maximumFractionDigits: size < 10 ? 1 : 0 }).format(size);
    },
    ago(iso, now = Date.now()) {
      const past = now - Date.parse(iso);
      if (past < MINUTE) return catalogue['time.now'] ?? '';
      if (past < HOUR) return relative().format(-Math.floor(past / MINUTE), 'minute');
      if (past < DAY) return relative().format(-Math.floor(past / HOUR), 'hour');
      return day(iso);
    },
    exact: (iso) => exact().format(new Date(iso)),
    day,
    before(iso, now = Date.now()) {
      const date = new Date(iso);
      const at = (moment: number) => new Date(moment).toDateString() === date.toDateString();
      const key = at(now) ? 'today' : at(now + DAY) ? 'tomorrow' : 'day';
      return t(`promise.${key}`, { day: key === 'day' ? weekday().format(date) : '', time: time().format(date) });
    },
    at(moment, now = Date.now()) {
      const date = new Date(moment);
      const on = (other: number) => new Date(other).toDateString() === date.toDateString();
      const key = on(now) ? 'today' : on(now + DAY) ? 'tomorrow' : 'day';
      return t(`at.${key}`, { day: key === 'day' ? weekday().format(date) : '', time: time().format(date) });
    },
  };
}
