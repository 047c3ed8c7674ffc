/** Answers to what is being written: articles to read in place, and a few sentences from them. */
import type { ComponentChildren } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import { Needed } from '../context';
import { tree } from '../content';
import { Icon } from '../icons';
import type { Article, Suggestion } from '../types';
import type { Suggested } from '../views/suggesting';
import { Answer } from './Answer';

export function Suggestions({ suggested, last = false }: { suggested: Suggested; last?: boolean }) {
  const { words } = useContext(Needed);
  const [read, open] = useState<string | null>(null);
  const { found, answer, solved, settle } = suggested;
  const verdict = (article: string, close = () => {}) => <Verdict article={article} solved={solved === article} settle={settle} close={close} />;
  return (
    <div class="suggestions" aria-live="polite">
      {found.length > 0 && <h3>{words.t('suggestions')}</h3>}
      {answer && <Answer suggested={suggested} last={last} open={open} verdict={verdict} />}
      {found.map((each) => (
        <section key={each.id} class="suggestion" lang={each.locale}>
          <button type="button" class="suggestion-head" aria-expanded={read === each.id} onClick={() => open(read === each.id ? null : each.id)}>
            <span class="strong">{each.title}</span>
            {read !== each.id && <span class="quiet clamp">{each.text}</span>}
          </button>
          {read === each.id && <Reader suggestion={each}>{verdict(each.id, () => open(null))}</Reader>}
        </section>
      ))}
    </div>
  );
}

function Reader({ suggestion, children }: { suggestion: Suggestion; children: ComponentChildren }) {
  const { words, actions, site } = useContext(Needed);
  const [article, set] = useState<Article | null | undefined>(undefined);
  useEffect(() => {
    let here = true;
    actions.tools.api
      .raw('GET', `/articles/${site.key}/${suggestion.id}`, undefined)
      .then((sent) => sent.json())
      .then(
        (each: Article) => here && set(each),
        () => here && set(null),
      );
    return () => {
      here = false;
    };
  }, [suggestion.id]);
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
      {children}
    </div>
  );
}

interface Judging {
  article: string;
  solved: boolean;
  settle: Suggested['settle'];
  close(): void;
}

function Verdict({ article, solved, settle, close }: Judging) {
  const { words, actions } = useContext(Needed);
  const doubt = (): void => {
    settle('not_quite', null);
    close();
  };
  return (
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
          <button type="button" class="secondary" onClick={() => settle('solved', article)}>
            {words.t('article.solved')}
          </button>
          <button type="button" class="secondary" onClick={doubt}>
            {words.t('article.not_quite')}
          </button>
        </>
      )}
    </div>
  );
}
