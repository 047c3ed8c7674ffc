/** Messages and events in the order they happened. */
import { Fragment } from 'preact';
import { useContext } from 'preact/hooks';
import { linkified, tree } from '../content';
import { Needed } from '../context';
import type { Words } from '../i18n';
import { Icon } from '../icons';
import type { PanelState } from '../state';
import type { Order } from '../orders/types';
import { grouped, offered } from '../threads';
import type { Message, Ticket, TicketEvent } from '../types';
import { Attached } from './Files';
import type { Offers } from './offers';
import { Time, useWait } from './parts';

export function Thread({ ticket, state, offers }: { ticket: Ticket; state: PanelState; offers: Offers | null }) {
  const { words } = useContext(Needed);
  return (
    <ol class="thread" aria-live="polite" aria-relevant="additions" aria-label={words.t('ticket.thread')}>
      {grouped(ticket.thread).map((part) =>
        'events' in part ? (
          <Fragment key={part.id}>
            <Happened events={part.events} />
            {offers && offered(ticket, part.events).map((order) => <Offered key={order.id} ticket={ticket} order={order} offers={offers} />)}
          </Fragment>
        ) : (
          <Said key={part.id} message={part} />
        ),
      )}
      {state.replying && <OnItsWay state={state} />}
    </ol>
  );
}

function Offered({ ticket, order, offers }: { ticket: Ticket; order: Order; offers: Offers }) {
  return (
    <li>
      <offers.OrderCard ticket={ticket} order={order} />
    </li>
  );
}

function Said({ message }: { message: Message }) {
  const { words } = useContext(Needed);
  const { author, body, content } = message;
  return (
    <li class={`message ${author.kind}`}>
      <p class="by">
        <bdi class="strong">{author.you ? words.t('you') : author.name || words.t('team')}</bdi>{' '}
        <span class="quiet">
          <Time at={message.at} />
        </span>
      </p>
      {(body || content) && (
        <div class={content ? 'bubble rich' : 'bubble prose'} dir="auto">
          {content ? tree(content) : linkified(body)}
        </div>
      )}
      {message.quoted && (
        <details class="folded">
          <summary>{words.t('message.quoted')}</summary>
          <div class="prose quiet" dir="auto">
            {message.quoted}
          </div>
        </details>
      )}
      <Attached files={message.attachments} />
    </li>
  );
}

/** What was just written: on its way, or still here because it did not arrive. */
function OnItsWay({ state: { reply, replying, problem } }: { state: PanelState }) {
  const { words, actions } = useContext(Needed);
  const sent = reply.files.filter((file) => file.id);
  const wait = useWait(problem);
  return (
    <li class="message requester pending">
      <p class="by">
        <span class="strong">{words.t('you')}</span> <span class="quiet">{words.t(replying === 'failed' ? 'reply.failed' : 'sending')}</span>
      </p>
      {reply.body.trim() && (
        <div class="bubble prose" dir="auto">
          {reply.body}
        </div>
      )}
      {sent.length > 0 && (
        <p class="by quiet">
          <Icon name="clip" size={16} /> {sent.map((file) => file.name).join(', ')}
        </p>
      )}
      {(problem || replying === 'failed') && (
        <div class="failure" role="alert">
          <p>
            {problem?.text}
            {wait > 0 && <span class="tabular"> {words.t('error.wait', { seconds: wait })}</span>}
          </p>
          <button type="button" class="small" disabled={wait > 0} onClick={() => (replying === 'failed' ? void actions.send() : problem?.retry?.())}>
            {words.t('retry')}
          </button>
          {replying === 'failed' && (
            <button type="button" class="small" onClick={actions.rewrite}>
              {words.t('reply.edit')}
            </button>
          )}
        </div>
      )}
    </li>
  );
}

function Happened({ events }: { events: TicketEvent[] }) {
  const { words } = useContext(Needed);
  const told = events.map((event) => sentence(event, words)).filter((text) => text);
  const last = events[events.length - 1]!;
  if (!told.length) return null;
  return (
    <li class="event">
      <span>
        {told.map((text) => `${text} · `)}
        <Time at={last.at} />
      </span>
    </li>
  );
}

function sentence({ data, kind, actor }: TicketEvent, words: Words): string {
  const values: Record<string, string | number> = { who: actor.you ? words.t('you') : actor.name || words.t('team') };
  if (kind === 'state') values.to = words.t(`state.${data.to}`);
  if (kind === 'progress') values.to = words.percent(Number(data.to));
  if (kind === 'category') values.to = String(data.to);
  if (kind === 'checklist') Object.assign(values, { done: Number(data.done), of: Number(data.of) });
  if (kind === 'order_moved') values.to = words.t(`order.${data.to}`).toLocaleLowerCase(words.language);
  if (typeof data.number === 'string') values.number = data.number;
  const key = `event.${kind}`;
  const text = words.t(key, values);
  return text === key ? '' : text; // Its words are still on their way.
}
