/** Sending that outlasts a bad network: the same act under the same key, until the server has answered. */
import { ApiError } from './errors';

/** Seconds between tries; `online` cuts the wait short. */
const BACKOFF = [1, 2, 4, 8, 15];
const TRIES = 40;

interface Waiting {
  /** Says that the network is away; calling `now` tries at once. */
  away(now: () => void): void;
  back(): void;
  /** May this still be sent? Not once somebody else uses the page. */
  mine(): boolean;
}

export async function deliver<T>(act: () => Promise<T>, { away, back, mine }: Waiting): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof ApiError) || !error.passing || tries >= TRIES) throw error;
      const again = new AbortController();
      away(() => again.abort());
      await pause(BACKOFF[Math.min(tries, BACKOFF.length - 1)]! * 1000, again.signal);
      if (!mine()) throw new ApiError('identity_changed', 401);
      back();
    }
  }
}

/** Waits, but not longer than until the network is back or somebody asks. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      removeEventListener('online', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener('online', done);
    signal.addEventListener('abort', done);
  });
}
