/** Open or closed, and until when: told from the site's configuration, without asking anybody. */
import { useEffect, useState } from 'preact/hooks';

export interface Standing {
  open: boolean;
  /** When that changes, in milliseconds since 1970; `null` if not soon. */
  change: number | null;
}

const MINUTE = 60_000;

/** The longest a timer is trusted: a laptop may have slept meanwhile. */
const LONGEST = 30 * MINUTE;

export function standing(open: number[] | null, now: number): Standing {
  if (!open) return { open: true, change: null };
  for (let at = 0; at < open.length; at += 2) {
    const [begin, end] = [open[at]! * MINUTE, open[at + 1]! * MINUTE];
    if (now < begin) return { open: false, change: begin };
    if (now < end) return { open: true, change: end };
  }
  return { open: false, change: null };
}

/** The time now, again at the given moment and whenever the page comes back into view. */
export function useNow(change: number | null): number {
  const [now, tick] = useState(Date.now());
  useEffect(() => {
    const look = () => tick(Date.now());
    const timer = change === null ? undefined : setTimeout(look, Math.min(Math.max(change - Date.now(), 0), LONGEST));
    document.addEventListener('visibilitychange', look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [change, now]);
  return now;
}
