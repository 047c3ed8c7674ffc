/** A completed request asks once how it went: one click, and a sentence if they like. */
import { useContext, useState } from 'preact/hooks';
import { Needed } from '../context';
import { Icon } from '../icons';
import type { Ticket } from '../types';

export function Rating({ ticket }: { ticket: Ticket }) {
  const { words, actions } = useContext(Needed);
  const [comment, write] = useState('');
  const { rating } = ticket;
  if (ticket.can_close) return null;
  if (!rating) {
    return (
      <div class="rating" role="group" aria-labelledby="v-rating">
        <p id="v-rating" class="strong">
          {words.t('rating.ask')}
        </p>
        {[true, false].map((good) => (
          <button type="button" class="small" onClick={() => void actions.rate(ticket.id, good, '')}>
            <Icon name={good ? 'check' : 'close'} size={16} /> {words.t(good ? 'rating.good' : 'rating.bad')}
          </button>
        ))}
      </div>
    );
  }
  return (
    <form
      class="rating"
      onSubmit={(event) => {
        event.preventDefault();
        void actions.rate(ticket.id, rating.good, comment);
      }}
    >
      <p class="strong" role="status">
        {words.t('rating.thanks')}
      </p>
      {!rating.comment && (
        <>
          <label class="field">
            <span>{words.t('rating.more')}</span>
            <input value={comment} maxLength={1000} required onInput={(event) => write(event.currentTarget.value)} />
          </label>
          <button class="small">{words.t('continue')}</button>
        </>
      )}
    </form>
  );
}
