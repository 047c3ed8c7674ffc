/** Files on their way: checked, sent with progress, cancelled, refused with a reason. */
import type { Site } from '../site';
import type { Api } from './api';
import type { Words } from './i18n';
import { newKey } from './keys';
import type { createProblems } from './problems';
import type { Draft, PanelState, Upload } from './state';
import type { Store } from './store';

interface Needs {
  site: Site;
  store: Store<PanelState>;
  api: Api;
  words: Words;
  problemOf: ReturnType<typeof createProblems>['problemOf'];
  save(where: Where, news?: Partial<Draft>): void;
}

export type Where = 'draft' | 'reply';

export function createUploads({ site, store, api, words, problemOf, save }: Needs) {
  const running = new Map<string, AbortController>();

  const files = (where: Where): Upload[] => store.get()[where].files;

  function put(where: Where, list: Upload[]): void {
    const news = { files: list, key: newKey(), sealed: null };
    store.set({ [where]: { ...store.get()[where], ...news } } as Partial<PanelState>);
    save(where, news);
  }

  function change(where: Where, key: string, news: Partial<Upload>): void {
    const list = files(where).map((file) => (file.key === key ? { ...file, ...news } : file));
    store.set({ [where]: { ...store.get()[where], files: list } } as Partial<PanelState>);
    if (news.id) save(where, { files: list });
  }

  async function send(where: Where, upload: Upload, file: File): Promise<void> {
    const control = new AbortController();
    running.set(upload.key, control);
    try {
      const sent = await api.upload(file, (share) => change(where, upload.key, { share }), control.signal);
      change(where, upload.key, { id: sent.id, share: 1, name: sent.name });
    } catch (error) {
      if (control.signal.aborted) return;
      const { code, text } = problemOf(error, null, { most: words.bytes(site.limits.file_bytes), ending: ending(file.name) });
      // A file does not go on by itself.
      change(where, upload.key, { problem: code === 'offline' ? words.t(code) : text });
    } finally {
      running.delete(upload.key);
    }
  }

  /** A small picture to draw on a canvas: a page whose policy forbids blob: images shows it all the same. */
  async function preview(where: Where, key: string, file: File): Promise<void> {
    if (!file.type.startsWith('image/') || file.type.includes('svg')) return;
    const picture = await createImageBitmap(file, { resizeHeight: 80, resizeQuality: 'medium' }).catch(() => null);
    if (picture) change(where, key, { picture });
  }

  return {
    /** Nobody's files are sent for somebody else. */
    stop(): void {
      for (const control of running.values()) control.abort();
    },

    add(where: Where, chosen: Iterable<File>): void {
      for (const file of chosen) {
        const good = files(where).filter((each) => !each.problem).length;
        const upload: Upload = {
          key: newKey(),
          name: file.name || 'image.png',
          size: file.size,
          share: 0,
          id: null,
          problem: null,
          picture: null,
        };
        if (good >= site.limits.files) upload.problem = words.t('file.too_many', { most: site.limits.files });
        else if (file.size > site.limits.file_bytes) upload.problem = words.t('error.too_large', { most: words.bytes(site.limits.file_bytes) });
        else if (!file.size) upload.problem = words.t('error.empty_file');
        put(where, [...files(where).filter((each) => !each.problem || upload.problem === null || each.name !== upload.name), upload]);
        if (upload.problem) continue;
        void send(where, upload, file);
        void preview(where, upload.key, file);
      }
    },

    remove(where: Where, key: string): void {
      const upload = files(where).find((each) => each.key === key);
      running.get(key)?.abort();
      upload?.picture?.close();
      if (upload?.id) void api.discard(upload.id).catch(() => {}); // The server sweeps it later.
      put(where, files(where).filter((each) => each.key !== key));
    },
  };
}

function ending(name: string): string {
  return /\.[^.]{1,8}$/.exec(name)?.[0] ?? '';
}
