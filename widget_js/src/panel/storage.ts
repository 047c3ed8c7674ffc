/** What this browser keeps, and for whom: everything is wiped together when the person changes. */

export interface Kept {
  get<T>(name: string): T | null;
  set(name: string, value: unknown): void;
  remove(name: string): void;
  wipe(): void;
}

/** Storage under `ventanilla:<site>:`; a browser that refuses it keeps things in memory. */
export function createStorage(site: string, store: Storage | null = available()): Kept {
  const prefix = `ventanilla:${site}:`;
  const memory = new Map<string, string>();
  const keys = () => (store ? Object.keys(store) : [...memory.keys()]).filter((key) => key.startsWith(prefix));
  return {
    get(name) {
      const text = store ? store.getItem(prefix + name) : (memory.get(prefix + name) ?? null);
      try {
        return text === null ? null : JSON.parse(text);
      } catch {
        return null; // Somebody else wrote there; nothing of ours is lost.
      }
    },
    set(name, value) {
      try {
        if (store) store.setItem(prefix + name, JSON.stringify(value));
        else memory.set(prefix + name, JSON.stringify(value));
      } catch {
        memory.set(prefix + name, JSON.stringify(value)); // The quota is full.
      }
    },
    remove(name) {
      store?.removeItem(prefix + name);
      memory.delete(prefix + name);
    },
    wipe() {
      for (const key of keys()) store?.removeItem(key);
      memory.clear();
    },
  };
}

function available(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
