/** Answers to what is being written, if there are any; nothing waits for them. */
import { useContext, useEffect, useState } from 'preact/hooks';
import { Needed } from '../context';
import { linkified } from '../content';
import type { Draft } from '../state';

/** Milliseconds of silence before asking, and the longest an answer may take. */
const QUIET = 600;
const DEADLINE = 2_500;

/** Fewer words find nothing worth showing. */
const WORDS = 4;

interface Suggestion {
  title: string;
  text: string;
  url: string;
}

export function Suggestions({ draft }: { draft: Draft }) {
  const { words, actions } = useContext(Needed);
  const [found, show] = useState<Suggestion[]>([]);
  const text = `${draft.title} ${draft.body}`.trim();
  useEffect(() => {
    if (text.split(/\s+/).length < WORDS) return show([]);
    const control = new AbortController();
    const timer = setTimeout(() => {
      const deadline = setTimeout(() => control.abort(), DEADLINE);
      actions
        .suggest({ title: draft.title.slice(0, 200), body: draft.body.slice(0, 10_000), category: draft.category, locale: words.language }, control.signal)
        .then(({ suggestions }) => show(suggestions))
        .catch(() => show([])) // No suggestion is the worst that may happen.
        .finally(() => clearTimeout(deadline));
    }, QUIET);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [text]);
  if (!found.length) return null;
  return (
    <div class="suggestions" aria-live="polite">
      <h3>{words.t('suggestions')}</h3>
      {found.map((each) => (
        <p key={each.url}>
          <span class="strong">{each.title}</span> {linkified(each.text)}
        </p>
      ))}
    </div>
  );
}
