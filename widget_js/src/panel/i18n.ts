/** Words and numbers in the reader's language. */

export type Catalogue = Record<string, string>;

export interface Words {
  language: string;
  /** The text for `key`, with `{names}` filled in; plural forms are `key.one`, `key.other`. */
  t(key: string, values?: Record<string, string | number>): string;
  number(value: number): string;
  percent(value: number): string;
  bytes(value: number): string;
  /** "5 min ago" up to a day, then a date. */
  ago(iso: string, now?: number): string;
  exact(iso: string): string;
  day(iso: string): string;
  /** A moment soon to come: time today, else weekday and time. */
  moment(iso: string, now?: number): string;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export function createWords(language: string, catalogue: Catalogue): Words {
  const plural = new Intl.PluralRules(language);
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(language, options);
  const exact = format({ dateStyle: 'medium', timeStyle: 'short' });
  const short = format({ day: 'numeric', month: 'short' });
  const withYear = format({ day: 'numeric', month: 'short', year: 'numeric' });
  const time = format({ hour: 'numeric', minute: '2-digit' });
  const weekday = format({ weekday: 'long', hour: 'numeric', minute: '2-digit' });
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(language, { style: 'percent' });

  function day(iso: string): string {
    const date = new Date(iso);
    return (date.getFullYear() === new Date().getFullYear() ? short : withYear).format(date);
  }

  return {
    language,
    t(key, values = {}) {
      const count = values.count;
      const form = typeof count === 'number' ? `${key}.${plural.select(count)}` : key;
      const text = catalogue[form] ?? catalogue[`${key}.other`] ?? catalogue[key] ?? key;
      return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
        const value = values[name];
        return value === undefined ? whole : typeof value === 'number' ? number.format(value) : value;
      });
    },
    number: (value) => number.format(value),
    percent: (value) => percent.format(value / 100),
    bytes: (value) => {
      const [size, unit] = value < 1e6 ? [Math.max(1, value / 1024), 'kilobyte'] : [value / 1048576, 'megabyte'];
      return new Intl.NumberFormat(language, { style: 'unit', unit, maximumFractionDigits: size < 10 ? 1 : 0 }).format(size);
    },
    ago(iso, now = Date.now()) {
      const past = now - Date.parse(iso);
      if (past < MINUTE) return catalogue['time.now'] ?? '';
      if (past < HOUR) return relative.format(-Math.floor(past / MINUTE), 'minute');
      if (past < DAY) return relative.format(-Math.floor(past / HOUR), 'hour');
      return day(iso);
    },
    exact: (iso) => exact.format(new Date(iso)),
    day,
    moment(iso, now = Date.now()) {
      const date = new Date(iso);
      return (new Date(now).toDateString() === date.toDateString() ? time : weekday).format(date);
    },
  };
}
