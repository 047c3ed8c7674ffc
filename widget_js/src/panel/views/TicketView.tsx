/** One request: where it stands, everything said and done, and the reply. */
import { useContext, useEffect, useRef } from 'preact/hooks';
import { Needed } from '../context';
import { Icon } from '../icons';
import type { PanelState } from '../state';
import type { Ticket } from '../types';
import { AddFiles, Uploads } from './Files';
import { Growing, Header, Skeleton, StateMark, Time, Trouble } from './parts';
import { Thread } from './Thread';

export function TicketView({ state, ticket, filed }: { state: PanelState; ticket: Ticket | null; filed: boolean }) {
  const { actions } = useContext(Needed);
  return (
    <section class="screen" aria-labelledby="v-title">
      <Header back={actions.home} title={<Title ticket={ticket} />}>
        {ticket && <More ticket={ticket} />}
      </Header>
      {ticket ? <Body state={state} ticket={ticket} filed={filed} /> : <div class="scroll">{state.problem ? <Trouble problem={state.problem} /> : <Skeleton rows={6} />}</div>}
    </section>
  );
}

function Title({ ticket }: { ticket: Ticket | null }) {
  const { words } = useContext(Needed);
  return (
    <span id="v-title" class="clip block">
      {ticket ? (
        <>
          <span class="tabular">#{ticket.number}</span> <bdi class="quiet">{ticket.title}</bdi>
        </>
      ) : (
        words.t('loading')
      )}
    </span>
  );
}

function More({ ticket }: { ticket: Ticket }) {
  const { words, actions } = useContext(Needed);
  return (
    <>
      {ticket.can_close ? (
        <button type="button" class="small" onClick={() => void actions.close(ticket.id)}>
          <Icon name="check" size={16} /> {words.t('ticket.close')}
        </button>
      ) : (
        <button type="button" class="small" onClick={() => void actions.reopen(ticket.id)}>
          <Icon name="undo" size={16} /> {words.t('ticket.reopen')}
        </button>
      )}
    </>
  );
}

function Body({ state, ticket, filed }: { state: PanelState; ticket: Ticket; filed: boolean }) {
  const { words } = useContext(Needed);
  const scroll = useRef<HTMLDivElement>(null);
  const length = ticket.thread.length;
  useEffect(() => {
    const node = scroll.current!;
    node.scrollTop = filed ? 0 : node.scrollHeight;
  }, [ticket.id, length]);
  return (
    <>
      <div class="scroll" ref={scroll} tabIndex={0} role="region" aria-label={words.t('ticket.thread')}>
        {filed && (
          <div class="filed" role="status">
            <Icon name="check" size={24} />
            <p class="strong">{words.t('filed', { number: `#${ticket.number}` })}</p>
            <p>{words.t('filed.next', { email: ticket.email ?? '' })}</p>
          </div>
        )}
        <Facts ticket={ticket} />
        <Thread ticket={ticket} />
        <Trouble problem={state.problem} />
      </div>
      <Composer state={state} ticket={ticket} />
    </>
  );
}

function Facts({ ticket }: { ticket: Ticket }) {
  const { words, actions } = useContext(Needed);
  return (
    <div class="facts">
      <h3 class="ticket-title">
        <bdi>{ticket.title}</bdi>
      </h3>
      <StateMark state={ticket.state} progress={ticket.progress} />
      {ticket.state !== 'waiting' && <progress class="bar-progress" max={100} value={ticket.progress} aria-label={words.t('progress')} />}
      <p class="quiet">
        {ticket.category && <>{ticket.category.name} · </>}
        {words.t('ticket.opened', { when: words.day(ticket.opened_at) })} · {words.t('ticket.updated')} <Time at={ticket.updated_at} />
      </p>
      {ticket.answer_by && <p class="promise">{words.t('ticket.promise', { when: words.moment(ticket.answer_by) })}</p>}
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
              <Icon name={step.done ? 'check' : 'clock'} size={16} />
              <span class="hidden">{words.t(step.done ? 'step.done' : 'step.open')}</span>
              <bdi>{step.label}</bdi>
            </li>
          ))}
        </ul>
      )}
      <label class="tick slim">
        <input type="checkbox" role="switch" checked={ticket.notify} onChange={(event) => void actions.notify(ticket.id, event.currentTarget.checked)} />
        <span>
          {words.t('new.notify')} {ticket.email && <span class="quiet inline">{ticket.email}</span>}
        </span>
      </label>
    </div>
  );
}

function Composer({ state, ticket }: { state: PanelState; ticket: Ticket }) {
  const { site, words, actions } = useContext(Needed);
  const { reply, sending } = state;
  const uploading = reply.files.some((file) => !file.id && !file.problem);
  const empty = !reply.body.trim() && !reply.files.some((file) => file.id);
  const label = words.t(ticket.state === 'completed' ? 'reply.reopens' : 'reply.write');
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void actions.send();
      }}
    >
      <Uploads where="reply" files={reply.files} />
      <div class="composer-line">
        <AddFiles where="reply" files={reply.files} compact />
        <Growing
          label={label}
          placeholder={label}
          value={reply.body}
          rows={6}
          most={site.limits.body}
          onInput={(body) => actions.write({ body })}
          onSubmit={() => void actions.send()}
          onFiles={(files) => actions.uploads.add('reply', files)}
        />
        <button type="submit" class="primary round" disabled={sending || uploading || empty} aria-busy={sending} aria-label={words.t('reply.send')} title={words.t('reply.keys')}>
          <Icon name="send" />
        </button>
      </div>
      {reply.body.length > site.limits.body - 500 && <span class="quiet">{words.t('left', { count: site.limits.body - reply.body.length })}</span>}
    </form>
  );
}
