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
  return {
    get(name) {
      try {
        // What found no room in storage is newer than what is there.
        return JSON.parse(memory.get(prefix + name) ?? store!.getItem(prefix + name)!);
      } catch {
        return null; // Somebody else wrote there; nothing of ours is lost.
      }
    },
    set(name, value) {
      try {
        store!.setItem(prefix + name, JSON.stringify(value));
        memory.delete(prefix + name);
      } catch {
        memory.set(prefix + name, JSON.stringify(value)); // There is none, or its quota is full.
      }
    },
    remove(name) {
      store?.removeItem(prefix + name);
      memory.delete(prefix + name);
    },
    wipe() {
      for (const key of Object.keys(store ?? {})) if (key.startsWith(prefix)) store!.removeItem(key);
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
