/** Sending that outlasts a bad network: the same act under the same key, until the server has answered. */
import { ApiError } from './errors';

/** Milliseconds between tries, each twice the last; `online` cuts the wait short. */
const FIRST = 1_000;
const LONGEST = 15_000;
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
      // Not longer than until the network is back or somebody asks.
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          removeEventListener('online', done);
          resolve();
        };
        const timer = setTimeout(done, Math.min(FIRST * 2 ** tries, LONGEST));
        addEventListener('online', done);
        away(done);
      });
      if (!mine()) throw new ApiError('identity_changed', 401);
      back();
    }
  }
}
