/** Sums and days as the reader writes them. */
import type { Quote } from './types';

export function createSums(language: string, { currency, decimals }: Pick<Quote, 'currency' | 'decimals'>) {
  const format = new Intl.NumberFormat(language, {
    style: 'currency',
    currency,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    // Documents and letters always group; a card that does not would look like another sum.
    useGrouping: 'always',
  } as unknown as Intl.NumberFormatOptions);
  // As a bank's form takes it: no sign, no grouping, all decimals.
  const bare = new Intl.NumberFormat(language, { useGrouping: false, minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 2 });
  const plain = new Intl.NumberFormat(language, { maximumFractionDigits: 3 });
  return {
    sum: (minor: number): string => format.format(minor / 10 ** decimals),
    bare: (minor: number): string => bare.format(minor / 10 ** decimals),
    rate: (rate: number): string => percent.format(rate / 100),
    quantity: (value: number): string => plain.format(value),
  };
}

/** A day of the site's calendar: the same day wherever the reader is. */
export function day(language: string, iso: string): string {
  const date = new Date(`${iso}T12:00:00Z`);
  const year = date.getUTCFullYear() === new Date().getUTCFullYear() ? {} : ({ year: 'numeric' } as const);
  return new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long', ...year, timeZone: 'UTC' }).format(date);
}
