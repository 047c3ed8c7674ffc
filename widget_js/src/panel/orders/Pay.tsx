/** What there is to do about the money. It says paid only when the server does. */
import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import { Needed } from '../context';
import { ApiError } from '../errors';
import { Icon } from '../icons';
import { createProblems } from '../problems';
import type { Problem } from '../state';
import type { Ticket } from '../types';
import { Trouble } from '../views/parts';
import { begin, type Transfer } from './begin';
import { createSums } from './money';
import { TransferDetails } from './TransferDetails';
import type { Order } from './types';

const ICONS: Record<string, string> = { stripe: 'card', woocommerce: 'cart', link: 'out', transfer: 'bank' };

export function Pay({ ticket, order }: { ticket: Ticket; order: Order }) {
  const { words, actions } = useContext(Needed);
  const { problemOf } = createProblems(words);
  const [choosing, choose] = useState(false);
  const [busy, work] = useState('');
  const [transfer, show] = useState<Transfer | null>(null);
  const [problem, trouble] = useState<Problem | null>(null);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (choosing || transfer) place.current?.querySelector<HTMLElement>('.confirm')?.focus();
  }, [choosing, transfer]);
  // Back from the provider's page by the browser's button: it may be paid another way.
  useEffect(() => {
    const back = (): void => work('');
    addEventListener('pageshow', back);
    return () => removeEventListener('pageshow', back);
  }, []);

  if (order.state !== 'awaiting_payment') return null;
  if (order.pay?.waiting_since) return <Pending />;
  const ways = order.pay?.ways ?? [];
  if (!ways.length) return <p class="quiet">{words.t('order.pay.later')}</p>;

  async function go(way: string): Promise<void> {
    if (busy) return;
    work(way);
    trouble(null);
    try {
      const begun = await begin(actions.tools, order, way);
      if (begun.url) return location.assign(begun.url); // It stays busy until the page is another.
      if (begun.transfer) show(begun.transfer);
      else await actions.refresh(ticket.id);
    } catch (error) {
      trouble(problemOf(error, () => void go(way)));
      if (error instanceof ApiError && error.status === 409) await actions.refresh(ticket.id).catch(() => {});
    }
    work('');
  }

  const sums = createSums(words.language, order.quote);
  const total = sums.sum(order.quote.total);
  const only = ways.length === 1 ? ways[0]!.kind : null;
  if (transfer)
    return (
      <div ref={place}>
        <TransferDetails transfer={transfer} total={total} bare={sums.bare(order.quote.total)} back={() => show(null)} />
      </div>
    );
  if (!choosing || only)
    return (
      <div class="offer-acts" ref={place}>
        <button type="button" class="primary" aria-disabled={!!busy} onClick={() => (only ? void go(only) : choose(true))}>
          {words.t(busy ? 'order.pay.going' : 'order.pay')}
        </button>
        <Trouble problem={problem} />
      </div>
    );
  const question = words.t('order.pay.how', { total });
  return (
    <div class="offer-ask" ref={place} role="group" aria-label={question}>
      <p class="strong confirm" tabIndex={-1}>
        {question}
      </p>
      <ul class="pay-ways">
        {ways.map(({ kind, label }) => (
          <li key={kind}>
            <button type="button" class="small" aria-disabled={!!busy} onClick={() => void go(kind)}>
              <Icon name={ICONS[kind] ?? 'card'} />
              <span>
                <span class="strong" dir="auto">
                  {label ?? words.t(`order.pay.${kind}`)}
                </span>
                <span class="quiet">{words.t(busy === kind ? 'order.pay.going' : `order.pay.${kind}.hint`)}</span>
              </span>
              <Icon name="next" size={16} />
            </button>
          </li>
        ))}
      </ul>
      <Trouble problem={problem} />
    </div>
  );
}

function Pending() {
  const { words } = useContext(Needed);
  return (
    <p class="offer-fact pending" role="status">
      <Icon name="clock" />
      <span>
        <span class="strong">{words.t('order.confirming')}</span>
        <span class="quiet">{words.t('order.confirming.hint')}</span>
      </span>
    </p>
  );
}
