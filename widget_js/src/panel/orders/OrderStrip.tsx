/** One line above the thread for what awaits an answer or is under way; it leads to the card. */
import { useContext } from 'preact/hooks';
import { Needed } from '../context';
import { Icon } from '../icons';
import { createSums } from './money';
import { Mark, name, tone } from './OrderCard';
import type { Order } from './types';

const OVER = ['declined', 'cancelled', 'refunded', 'delivered'];

export function OrderStrip({ orders, root }: { orders: Order[]; root: () => ParentNode | null }) {
  const { words } = useContext(Needed);
  const shown = orders.filter((order) => !OVER.includes(order.state)).slice(-2);
  if (!shown.length) return null;
  const go = (id: string): void => {
    const card = root()?.querySelector<HTMLElement>(`#v-order-${CSS.escape(id)}`);
    card?.scrollIntoView({ block: 'start' });
    card?.focus({ preventScroll: true });
  };
  return (
    <ul class="offer-strip">
      {shown.map((order) => (
        <li key={order.id}>
          <button type="button" class={`small ${tone(order)}`} onClick={() => go(order.id)}>
            <span>
              <span class="clip">{name(order, words.t)}</span>
              <Mark order={order} />
            </span>
            <span class="tabular">{createSums(words.language, order.quote).sum(order.quote.total)}</span>
            <Icon name="next" size={16} />
          </button>
        </li>
      ))}
    </ul>
  );
}
