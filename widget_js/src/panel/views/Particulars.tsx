/** What is known of a request beside its thread: dates, answers, steps, and whether its news are mailed. */
import { useContext } from 'preact/hooks';
import { Needed } from '../context';
import { Icon } from '../icons';
import type { Ticket } from '../types';
import { Time } from './parts';

export function Particulars({ ticket, promise }: { ticket: Ticket; promise: boolean }) {
  const { words, actions } = useContext(Needed);
  return (
    <div class="particulars">
      <p class="quiet">
        {ticket.category && (
          <>
            <bdi>{ticket.category.name}</bdi> ·{' '}
          </>
        )}
        {words.t('ticket.opened', { when: words.day(ticket.opened_at) })} · {words.t('ticket.updated')} <Time at={ticket.updated_at} />
      </p>
      {promise && ticket.answer_by && <p class="promise">{words.before(ticket.answer_by)}</p>}
      {ticket.fields.length > 0 && (
        <dl class="answers">
          {ticket.fields.map((field) => (
            <div key={field.label}>
              <dt>{field.label}</dt>
              <dd>
                <bdi>{field.value}</bdi>
              </dd>
            </div>
          ))}
        </dl>
      )}
      {ticket.checklist.length > 0 && (
        <ul class="checklist" aria-label={words.t('ticket.steps')}>
          {ticket.checklist.map((step) => (
            <li key={step.id} class={step.done ? 'done' : ''}>
              <Icon name={step.done ? 'check' : 'circle'} />
              <span class="hidden">{words.t(step.done ? 'step.done' : 'step.open')}</span>
              <bdi>{step.label}</bdi>
            </li>
          ))}
        </ul>
      )}
      <label class="tick">
        <input type="checkbox" role="switch" checked={ticket.notify} onChange={(event) => void actions.notify(ticket.id, event.currentTarget.checked)} />
        <span>
          {words.t('new.notify')}
          {ticket.email && <span class="quiet">{ticket.email}</span>}
        </span>
      </label>
    </div>
  );
}
