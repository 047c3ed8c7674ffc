/** What went wrong, in the reader's words. */
import { ApiError } from './errors';
import type { Words } from './i18n';
import type { Problem } from './state';

export function createProblems(words: Words) {
  return {
    problemOf(error: unknown, retry: (() => void) | null = null, values: Record<string, string> = {}): Problem {
      const code = error instanceof ApiError ? ('website' in error.fields ? 'website' : error.code) : 'internal_error';
      const known = words.t(`error.${code}`, values);
      const seconds = error instanceof ApiError ? error.retryAfter : null;
      return {
        code,
        text: known === `error.${code}` ? words.t('error.internal_error') : known,
        until: seconds ? Date.now() + seconds * 1000 : null,
        retry,
      };
    },

    faultsOf(error: unknown): Record<string, string> {
      if (!(error instanceof ApiError)) return {};
      const faults: Record<string, string> = {};
      for (const [name, messages] of Object.entries(error.fields ?? {})) {
        if (name === 'fields') for (const key of Object.keys(messages as object)) faults[`fields.${key}`] = words.t('fault.look');
        else faults[name] = words.t(name === 'email' ? 'fault.email' : 'fault.look');
      }
      return faults;
    },
  };
}
