/** Answers to what is being written, if there are any; nothing waits for them. */
import { useContext, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Needed } from '../context';
import { tree } from '../content';
import { Icon } from '../icons';
import { newKey } from '../keys';
import type { Draft } from '../state';
import type { Article, Suggestion } from '../types';

/** Milliseconds of silence before asking, and the longest an answer may take. */
const QUIET = 450;
const DEADLINE = 2_500;

/** Fewer words find nothing worth showing. */
const WORDS = 3;

/** What was found for a text, so that going back and forth asks once. */
const CACHED = 20;

export interface Suggested {
  found: Suggestion[];
  /** The one that solved it. */
  solved: string | null;
  settle(outcome: 'solved' | 'not_quite', article: string | null): void;
}

export function useSuggestions(draft: Draft): Suggested {
  const { words, actions } = useContext(Needed);
  const [found, show] = useState<Suggestion[]>([]);
  const [solved, solve] = useState<string | null>(null);
  // Names the request being written: whatever is shown for it counts once.
  const showing = useMemo(newKey, []);
  const seen = useRef(new Map<string, Suggestion[]>());
  const text = `${draft.title}\n${draft.body}`.trim();
  useEffect(() => {
    if (text.split(/\s+/).length < WORDS) return show([]);
    const known = seen.current.get(text);
    if (known) return show(known);
    const control = new AbortController();
    const timer = setTimeout(() => {
      const deadline = setTimeout(() => control.abort(), DEADLINE);
      actions
        .suggest({ title: draft.title.slice(0, 200), body: draft.body.slice(0, 10_000), category: draft.category, locale: words.language, showing }, control.signal)
        .then(({ suggestions }) => {
          if (seen.current.size >= CACHED) seen.current.clear();
          seen.current.set(text, suggestions);
          show(suggestions);
        })
        .catch(() => show([])) // No suggestion is the worst that may happen.
        .finally(() => clearTimeout(deadline));
    }, QUIET);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [text]);
  return {
    found,
    solved,
    settle(outcome, article) {
      solve(outcome === 'solved' ? article : null);
      // Counting is ours to worry about, not theirs.
      void actions.settle(showing, { outcome, article }).catch(() => {});
    },
  };
}

export function Suggestions({ suggested }: { suggested: Suggested }) {
  const { words } = useContext(Needed);
  const [read, open] = useState<string | null>(null);
  const { found, solved, settle } = suggested;
  return (
    <div class="suggestions" aria-live="polite">
      {found.length > 0 && <h3>{words.t('suggestions')}</h3>}
      {found.map((each) => (
        <section key={each.id} class="suggestion" lang={each.locale}>
          <button type="button" class="suggestion-head" aria-expanded={read === each.id} onClick={() => open(read === each.id ? null : each.id)}>
            <span class="strong">{each.title}</span>
            {read !== each.id && <span class="quiet clamp">{each.text}</span>}
          </button>
          {read === each.id && <Reader suggestion={each} solved={solved === each.id} settle={settle} close={() => open(null)} />}
        </section>
      ))}
    </div>
  );
}

interface Reading {
  suggestion: Suggestion;
  solved: boolean;
  settle: Suggested['settle'];
  close(): void;
}

function Reader({ suggestion, solved, settle, close }: Reading) {
  const { words, actions } = useContext(Needed);
  const [article, set] = useState<Article | null | undefined>(undefined);
  useEffect(() => {
    let here = true;
    actions.article(suggestion.id).then(
      (each) => here && set(each),
      () => here && set(null),
    );
    return () => {
      here = false;
    };
  }, [suggestion.id]);
  const doubt = (): void => {
    settle('not_quite', null);
    close();
  };
  return (
    <div class="reader">
      {article === undefined && <p class="quiet">{words.t('loading')}</p>}
      {/* Without the article there is its passage, and its page. */}
      {article !== undefined && <div class="rich">{article ? tree(article.html_tree) : <p>{suggestion.text}</p>}</div>}
      <p class="quiet" lang={words.language}>
        <a href={suggestion.url} target="_blank" rel="noopener">
          {words.t('article.page')}
        </a>
      </p>
      <div class="verdict" lang={words.language}>
        {solved ? (
          <>
            <p role="status">
              <Icon name="check" /> {words.t('article.glad')}
            </p>
            <button type="button" class="secondary" onClick={actions.leave}>
              {words.t('article.done')}
            </button>
          </>
        ) : (
          <>
            <button type="button" class="secondary" onClick={() => settle('solved', suggestion.id)}>
              {words.t('article.solved')}
            </button>
            <button type="button" class="secondary" onClick={doubt}>
              {words.t('article.not_quite')}
            </button>
          </>
        )}
      </div>
    </div>
  );
}
