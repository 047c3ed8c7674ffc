/** A few sentences written from the articles found, each with its source; or nothing, silently. */
import type { ComponentChildren } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import { Needed } from '../context';
import { Icon } from '../icons';
import type { Sentence } from '../types';
import type { Suggested } from '../views/suggesting';
import { listen } from './listen';

/** Milliseconds the same articles have to stand: a model costs more than a search. */
const REST = 700;

interface Props {
  suggested: Suggested;
  /** The last step: what was written since counts, too. */
  last: boolean;
  open(article: string): void;
  /** What they make of it; `article`: the first source. */
  verdict(article: string): ComponentChildren;
}

export function Answer({ suggested, last, open, verdict }: Props) {
  const { words, actions } = useContext(Needed);
  const { found, text, showing, said } = suggested;
  const [sentences, set] = useState<Sentence[]>([]);
  const articles = found.map((each) => each.id);
  const ids = articles.join();
  useEffect(() => {
    const kept = said.current;
    if (kept?.ids === ids && (!last || kept.text === text)) return set(kept.sentences);
    set([]);
    const control = new AbortController();
    const heard: Sentence[] = [];
    const timer = setTimeout(() => {
      const keep = (): void => {
        if (!control.signal.aborted) said.current = { ids, text, sentences: heard };
      };
      listen(actions.tools.api, showing, words.language, control.signal, (sentence) => {
        heard.push(sentence);
        set([...heard]);
      }).then(keep, keep); // What was heard before it broke off stands.
    }, REST);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [ids, last]);
  const first = sentences[0]?.sources[0];
  return (
    first && (
      <section class="answer">
        <p>
          {sentences.map((each) => (
            <span key={each.text} dir="auto">
              {each.text}
              {each.sources.map((source) => {
                const number = articles.indexOf(source.id) + 1;
                return (
                  <button key={source.id} type="button" class="cite" title={source.title} aria-label={`${number}: ${source.title}`} onClick={() => open(source.id)}>
                    {number}
                  </button>
                );
              })}{' '}
            </span>
          ))}
        </p>
        <p class="quiet">
          <Icon name="info" size={16} /> {words.t('answer.note')}
        </p>
        {verdict(first.id)}
      </section>
    )
  );
}
