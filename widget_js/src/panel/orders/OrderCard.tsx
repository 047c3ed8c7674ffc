/** A quote or an order: what it holds, what it comes to, where it stands, and what to do next. */
import { useContext, useId } from 'preact/hooks';
import { Needed } from '../context';
import { Icon } from '../icons';
import type { Ticket } from '../types';
import { Decision } from './Decision';
import { createSums, day } from './money';
import { Pay } from './Pay';
import type { Order, OrderState } from './types';

const ICONS: Record<OrderState, string> = {
  awaiting_acceptance: 'clock',
  awaiting_payment: 'card',
  paid: 'check',
  in_production: 'wrench',
  delivered: 'box',
  declined: 'close',
  cancelled: 'close',
  refunded: 'undo',
};

const WAY: OrderState[] = ['awaiting_payment', 'paid', 'in_production', 'delivered'];

export function OrderCard({ ticket, order }: { ticket: Ticket; order: Order }) {
  const { words } = useContext(Needed);
  const { quote } = order;
  const { sum, rate, quantity } = createSums(words.language, quote);
  const title = useId();
  return (
    <article class={`offer ${tone(order)}`} aria-labelledby={title} id={`v-order-${order.id}`} tabIndex={-1}>
      <header>
        <p class="offer-kind">
          <span>{name(order, words.t)}</span>
          <Mark order={order} />
        </p>
        <h4 id={title} dir="auto">
          {order.title}
        </h4>
      </header>
      <ul class="offer-lines">
        {quote.lines.map((line, index) => (
          <li key={index}>
            <span dir="auto">{line.text}</span>
            <span class="tabular">{sum(line.net)}</span>
            <span class="quiet tabular">
              {quantity(line.quantity)} × {sum(line.price)}
              {quote.vat.length > 1 && ` · ${words.t('order.vat', { rate: rate(line.rate) })}`}
            </span>
          </li>
        ))}
      </ul>
      <dl class="offer-sums tabular">
        <Sum label={words.t('order.net')} value={sum(quote.net)} />
        {quote.vat.map((share) => (
          <Sum key={share.rate} label={words.t('order.vat', { rate: rate(share.rate) })} value={sum(share.vat)} />
        ))}
        <Sum label={words.t('order.total')} value={sum(quote.total)} strong />
        {!!order.returned && <Sum label={words.t('order.returned')} value={sum(order.returned)} />}
      </dl>
      {quote.note && (
        <p class="prose quiet" dir="auto">
          {quote.note}
        </p>
      )}
      <Facts order={order} />
      {order.can_decide && <Decision ticket={ticket} order={order} total={sum(quote.total)} />}
      <Pay ticket={ticket} order={order} />
      <a class="offer-pdf" hidden={!order.pdf_url} href={`${order.pdf_url}?lang=${words.language}`} download>
        <Icon name="pdf" /> {words.t('order.pdf')}
      </a>
    </article>
  );
}

function Sum({ label, value, strong }: { label: string; value: string; strong?: boolean }) {
  return (
    <div class={strong ? 'strong' : ''}>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

export function Mark({ order }: { order: Order }) {
  const { words } = useContext(Needed);
  const state = order.expired ? 'expired' : order.state;
  return (
    <span class="state offer-state">
      <Icon name={order.expired ? 'clock' : ICONS[order.state]} size={16} />
      {words.t(`order.${state}`)}
    </span>
  );
}

/** The dates that matter now, and how far an order that was agreed on has come. */
function Facts({ order }: { order: Order }) {
  const { words } = useContext(Needed);
  const { delivery, quote } = order;
  const at = WAY.indexOf(order.state);
  return (
    <>
      {at >= 0 && (
        <ol class="offer-way">
          {WAY.map((step, index) => (
            <li key={step} class={index <= at ? 'on' : ''} aria-current={index === at ? 'step' : undefined}>
              {words.t(`order.way.${step}`)}
            </li>
          ))}
        </ol>
      )}
      {order.state === 'awaiting_acceptance' && quote.valid_until && (
        <p class="offer-fact">
          <Icon name="clock" />
          <span>{words.t(order.expired ? 'order.ended' : 'order.until', { day: day(words.language, quote.valid_until) })}</span>
        </p>
      )}
      {(delivery ?? order.delivered_on) && (
        <p class="offer-fact">
          <Icon name="box" />
          <span>
            <span class="strong">
              {order.delivered_on
                ? words.t('order.arrived', { day: day(words.language, order.delivered_on) })
                : words.t(delivery!.estimated ? 'order.estimate' : 'order.delivery', { day: day(words.language, delivery!.on) })}
            </span>
            {delivery?.estimated && <span class="quiet">{words.t('order.lead', { count: delivery.lead_days })}</span>}
          </span>
        </p>
      )}
      {order.reason && (
        <p class="quiet prose" dir="auto">
          {words.t('order.said', { reason: order.reason })}
        </p>
      )}
    </>
  );
}

export function name(order: Order, t: (key: string, values?: Record<string, string>) => string): string {
  if (order.number) return t('order.order', { number: order.number });
  const number = order.quote_number ?? '';
  return order.quote.version > 1 ? t('order.quote.version', { number, version: String(order.quote.version) }) : t('order.quote', { number });
}

export function tone({ state, expired }: Order): string {
  if (expired || state === 'declined' || state === 'cancelled') return 'offer-over';
  if (state === 'awaiting_acceptance') return 'offer-open';
  return state === 'awaiting_payment' ? 'offer-agreed' : 'offer-paid';
}
