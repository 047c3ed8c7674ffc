/** What a request needs, checked by the same rules as on the server. */
import type { Field, Site } from '../site';
import type { Words } from './i18n';
import { proven, type Requester } from './session';
import type { Draft } from './state';

export const isAddress = (text: string): boolean => EMAIL.test(text.trim());

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$/;
const LONGEST: Record<string, number> = { text: 200, long: 4000, url: 2000, order: 60, number: 40 };

/** The faults of one step of a request, by field; empty when all is well. */
export function check(site: Site, draft: Draft, step: 0 | 1 | 2, requester: Requester | null, words: Words): Record<string, string> {
  const faults: Record<string, string> = {};
  const category = site.categories.find((each) => each.id === draft.category);
  if (step === 0 && site.categories.length && !category) faults.category = words.t('fault.category');
  if (step === 1) {
    if (!draft.title.trim()) faults.title = words.t('fault.title');
    else if (draft.title.length > site.limits.title) faults.title = words.t('fault.long', { most: site.limits.title });
    if (!draft.body.trim()) faults.body = words.t('fault.body');
    else if (draft.body.length > site.limits.body) faults.body = words.t('fault.long', { most: site.limits.body });
    for (const field of category?.fields ?? []) {
      const fault = fieldFault(field, draft.fields[field.key] ?? '', words);
      if (fault) faults[`fields.${field.key}`] = fault;
    }
    if (draft.files.some((file) => !file.id && !file.problem)) faults.files = words.t('fault.uploading');
  }
  if (step === 2 && !proven(requester) && !isAddress(draft.email)) faults.email = words.t('fault.email');
  return faults;
}

export function fieldFault(field: Field, raw: string, words: Words): string | null {
  const value = raw.trim();
  if (!value) return field.required ? words.t('fault.required') : null;
  const most = field.max_length ?? LONGEST[field.type] ?? 200;
  if (value.length > most) return words.t('fault.long', { most });
  if (field.type === 'number' && !/^-?\d+([.,]\d+)?$/.test(value)) return words.t('fault.number');
  if (field.type === 'url' && !/^https?:\/\/\S+/.test(value)) return words.t('fault.url');
  if (field.type === 'choice' && !field.options?.some((option) => option.value === value)) return words.t('fault.choice');
  if (field.pattern && !new RegExp(`^(?:${field.pattern})$`).test(value)) return words.t('fault.pattern');
  return null;
}
