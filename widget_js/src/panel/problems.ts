/** What went wrong, in the reader's words. */
import type { ApiError } from './errors';
import type { Words } from './i18n';
import type { Problem } from './state';

export function createProblems(words: Words) {
  return {
    problemOf(error: unknown, retry: (() => void) | null = null, values: Record<string, string> = {}): Problem {
      const { fields = {}, retryAfter, code: said = 'internal_error' } = error as Partial<ApiError>;
      const code = 'website' in fields ? 'website' : said;
      const known = words.t(`error.${code}`, values);
      return {
        code,
        text: known === `error.${code}` ? words.t('error.internal_error') : known,
        until: retryAfter ? Date.now() + retryAfter * 1000 : null,
        retry,
      };
    },

    faultsOf(error: unknown): Record<string, string> {
      const faults: Record<string, string> = {};
      for (const [name, messages] of Object.entries((error as Partial<ApiError>).fields ?? {})) {
        if (name === 'fields') for (const key of Object.keys(messages as object)) faults[`fields.${key}`] = words.t('fault.look');
        else faults[name] = words.t(name === 'email' ? 'fault.email' : 'fault.look');
      }
      return faults;
    },
  };
}
