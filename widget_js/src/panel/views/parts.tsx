/** Small pieces every screen shares. */
import type { ComponentChildren } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import { Needed } from '../context';
import { Icon, Ring } from '../icons';
import type { Problem } from '../state';
import type { State, TicketRow } from '../types';

export function StateMark({ state, progress }: { state: State; progress: number }) {
  const { words } = useContext(Needed);
  return (
    <span class={`state ${state}`}>
      {state === 'in_progress' ? <Ring percent={progress} /> : <Icon name={state === 'waiting' ? 'clock' : 'check'} />}
      {words.t(`state.${state}`)}
      {state === 'in_progress' && progress > 0 && <span class="tabular"> {words.percent(progress)}</span>}
    </span>
  );
}

export function Time({ at }: { at: string }) {
  const { words } = useContext(Needed);
  return (
    <time dateTime={at} onMouseEnter={(event) => (event.currentTarget.title = words.exact(at))}>
      {words.ago(at)}
    </time>
  );
}

export function Header({ title, back, children }: { title: ComponentChildren; back?: () => void; children?: ComponentChildren }) {
  const { words, close, inline } = useContext(Needed);
  return (
    <header class="bar">
      {back && (
        <button type="button" class="plain" onClick={back} aria-label={words.t('back')}>
          <Icon name="back" />
        </button>
      )}
      <h2 tabIndex={-1}>{title}</h2>
      {children}
      {!inline && (
        <button type="button" class="plain" onClick={close} aria-label={words.t('close')}>
          <Icon name="close" />
        </button>
      )}
    </header>
  );
}

/** The way to what was asked before, for whom nobody vouches. */
export function Before() {
  const { words, actions } = useContext(Needed);
  return (
    <p class="before quiet">
      {words.t('mine.before')}{' '}
      <button type="button" class="link" onClick={() => actions.go({ name: 'mine' })}>
        {words.t('mine.see')}
      </button>
    </p>
  );
}

/** Whole seconds until a limit allows another try. */
export function useWait(problem: Problem | null): number {
  const [ticks, tick] = useState(0);
  const wait = problem?.until ? Math.max(0, Math.ceil((problem.until - Date.now()) / 1000)) : 0;
  useEffect(() => {
    if (!wait) return;
    const timer = setTimeout(() => tick(ticks + 1), 1000);
    return () => clearTimeout(timer);
  }, [ticks, wait]);
  return wait;
}

/** What went wrong and what to do; a limit counts down. */
export function Trouble({ problem }: { problem: Problem | null }) {
  const { words } = useContext(Needed);
  const wait = useWait(problem);
  return (
    <div role="alert" class="trouble-place">
      {problem && (
        <div class={problem.code === 'offline' ? 'notice warning' : 'notice outage'}>
          <Icon name="warning" />
          <p>
            {problem.text}
            {wait > 0 && <span class="tabular"> {words.t('error.wait', { seconds: wait })}</span>}
          </p>
          {problem.retry && (
            <button type="button" class="small" disabled={wait > 0} onClick={problem.retry}>
              {words.t('retry')}
            </button>
          )}
        </div>
      )}
    </div>
  );
}

/** Grey lines where text will be, but only if it takes longer than a blink. */
export function Skeleton({ rows = 4 }: { rows?: number }) {
  const { words } = useContext(Needed);
  const [late, show] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => show(true), 200);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class="skeleton" role="status" aria-label={words.t('loading')}>
      {late && Array.from({ length: rows }, (_, at) => <i key={at} />)}
    </div>
  );
}

export function Row({ row, current, open }: { row: TicketRow; current: boolean; open(): void }) {
  const { words } = useContext(Needed);
  return (
    <li>
      <button type="button" class="row" onClick={open} aria-current={current ? 'true' : undefined}>
        <span class="row-title clip">
          {row.unread && <span class="dot" role="img" aria-label={words.t('unread')} />}
          <bdi>{row.title}</bdi>
        </span>
        <span class="row-facts">
          <StateMark state={row.state} progress={row.progress} />
          <span class="quiet tabular">
            #{row.number} · <Time at={row.updated_at} />
          </span>
        </span>
      </button>
    </li>
  );
}
