/** Looks for answers to what is being written; nothing waits for them. */
import { useContext, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Needed } from '../context';
import { newKey } from '../keys';
import type { Draft } from '../state';
import type { Sentence, Suggestion } from '../types';

/** Milliseconds of silence before asking, and the longest an answer may take. */
const QUIET = 450;
const DEADLINE = 2_500;

/** Fewer words find nothing worth showing. */
const WORDS = 3;

/** What was found for a text, so that going back and forth asks once. */
const CACHED = 20;

type Part = typeof import('../suggestions');

export interface Suggested {
  /** What draws them, once it is there. */
  part: Part | null;
  found: Suggestion[];
  /** An answer may be written from them. */
  answer: boolean;
  text: string;
  showing: string;
  /** The last answer, what it was written from, and for which question. */
  said: { current: { ids: string; text: string; sentences: Sentence[] } | null };
  /** The one that solved it. */
  solved: string | null;
  settle(outcome: 'solved' | 'not_quite', article: string | null): void;
}

interface Found {
  suggestions: Suggestion[];
  answer: boolean;
}

const NOTHING: Found = { suggestions: [], answer: false };

export function useSuggestions(draft: Draft): Suggested {
  const { words, actions, root } = useContext(Needed);
  const { api, announce } = actions.tools;
  const [{ suggestions: found, answer }, show] = useState(NOTHING);
  const [part, bring] = useState<Part | null>(null);
  const [solved, solve] = useState<string | null>(null);
  // Names the request being written: whatever is shown for it counts once.
  const showing = useMemo(newKey, []);
  const seen = useRef(new Map<string, Found>());
  const said = useRef<Suggested['said']['current']>(null);
  const text = `${draft.title}\n${draft.body}`.trim();
  useEffect(() => {
    if (text.split(/\s+/).length < WORDS) return show(NOTHING);
    const known = seen.current.get(text);
    if (known) return show(known);
    const control = new AbortController();
    const timer = setTimeout(() => {
      const deadline = setTimeout(() => control.abort(), DEADLINE);
      import('../suggestions').then(
        (came) => {
          if (!root.adoptedStyleSheets.includes(came.sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, came.sheet];
          bring(came);
        },
        () => {}, // The next question tries again.
      );
      const asked = { title: draft.title.slice(0, 200), body: draft.body.slice(0, 10_000), category: draft.category, locale: words.language, showing };
      api
        .raw('POST', '/suggestions', asked, control.signal)
        .then(async (sent) => {
          const came: Found = await sent.json();
          if (seen.current.size >= CACHED) seen.current.clear();
          seen.current.set(text, came);
          show(came);
        })
        .catch(() => show(NOTHING)) // No suggestion is the worst that may happen.
        .finally(() => clearTimeout(deadline));
    }, QUIET);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [text]);
  return {
    part,
    found,
    answer,
    text,
    showing,
    said,
    solved,
    settle(outcome, article) {
      const good = outcome === 'solved';
      solve(good ? article : null);
      if (good) announce('deflected', { article });
      // Counting is ours to worry about, not theirs.
      void api.raw('PUT', `/suggestions/${showing}/outcome`, { outcome, article }).catch(() => {});
    },
  };
}
