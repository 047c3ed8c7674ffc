/** Accepting or declining: asked once more, with the sum it is about. */
import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import { Needed } from '../context';
import { ApiError, offline } from '../errors';
import { createProblems } from '../problems';
import type { Problem } from '../state';
import type { Ticket } from '../types';
import { Trouble } from '../views/parts';
import { decide } from './decide';
import type { Order } from './types';

const REASON = 1_000;

export function Decision({ ticket, order, total }: { ticket: Ticket; order: Order; total: string }) {
  const { words, actions } = useContext(Needed);
  const { problemOf } = createProblems(words);
  const [asking, ask] = useState<'acceptance' | 'refusal' | null>(null);
  const [reason, write] = useState('');
  const [busy, work] = useState(false);
  const [problem, trouble] = useState<Problem | null>(null);
  const running = useRef(false);
  const place = useRef<HTMLDivElement>(null);
  const asked = useRef(false);
  const version = useRef(order.quote.id);
  useEffect(() => {
    // Another version came while this one was being looked over: nobody says yes to it unread.
    if (version.current !== order.quote.id) {
      ask(null);
      trouble({ code: 'quote_changed', text: words.t('error.quote_changed'), until: null, retry: null });
    }
    version.current = order.quote.id;
  }, [order.quote.id]);
  useEffect(() => {
    // The button that was pressed is gone; whoever writes elsewhere meanwhile is left alone.
    const lost = !(place.current!.getRootNode() as ShadowRoot).activeElement;
    if (asking || (asked.current && lost)) place.current!.querySelector<HTMLElement>(asking ? '.confirm' : '.primary')?.focus();
    asked.current = true;
  }, [asking]);

  async function send(): Promise<void> {
    if (running.current || !asking) return;
    running.current = true;
    const card = place.current?.closest('article');
    work(true);
    trouble(null);
    try {
      await decide(actions.tools, ticket, order, asking, asking === 'refusal' ? { reason: reason.trim() } : {}, (now) =>
        trouble(now && problemOf(offline(), now)),
      );
      card?.focus();
    } catch (error) {
      // What is shown is no longer what is offered.
      const stale = error instanceof ApiError && error.status === 409;
      trouble(problemOf(error, stale ? null : () => void send()));
      if (stale) await actions.refresh(ticket.id).catch(() => {});
    }
    running.current = false;
    work(false);
  }

  if (!asking)
    return (
      <div class="offer-acts" ref={place}>
        <button type="button" class="primary" onClick={() => ask('acceptance')}>
          {words.t('order.accept')}
        </button>
        <button type="button" class="secondary" onClick={() => ask('refusal')}>
          {words.t('order.decline')}
        </button>
        <Trouble problem={problem} />
      </div>
    );
  const yes = asking === 'acceptance';
  const question = yes ? words.t('order.accept.ask', { total }) : words.t('order.decline.ask');
  return (
    <div class="offer-ask" ref={place} role="group" aria-label={question}>
      <p class="strong confirm" tabIndex={-1}>
        {question}
      </p>
      {yes ? (
        <p class="quiet">{words.t('order.accept.means')}</p>
      ) : (
        <label class="field">
          <span>{words.t('order.reason')}</span>
          <textarea rows={3} maxLength={REASON} value={reason} onInput={(event) => write(event.currentTarget.value)} />
        </label>
      )}
      <Trouble problem={problem} />
      <div class="offer-acts">
        <button type="button" class="primary" aria-disabled={busy} onClick={() => void send()}>
          {words.t(busy ? 'sending' : yes ? 'order.accept.for' : 'order.decline.send', { total })}
        </button>
        <button type="button" class="secondary" disabled={busy} onClick={() => ask(null)}>
          {words.t('back')}
        </button>
      </div>
    </div>
  );
}
