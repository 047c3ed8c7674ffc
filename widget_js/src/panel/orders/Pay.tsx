/** What there is to do about the money. It says paid only when the server does. */
import { useContext } from 'preact/hooks';
import { Needed } from '../context';
import { Icon } from '../icons';
import type { Order } from './types';

export function Pay({ order }: { order: Order }) {
  const { words } = useContext(Needed);
  if (order.state !== 'awaiting_payment') return null;
  if (order.pay?.waiting_since)
    return (
      <p class="offer-fact pending" role="status">
        <Icon name="clock" />
        <span>
          <span class="strong">{words.t('order.confirming')}</span>
          <span class="quiet">{words.t('order.confirming.hint')}</span>
        </span>
      </p>
    );
  return <p class="quiet">{words.t('order.pay.later')}</p>;
}
