/** Messages and events in the order they happened. */
import { useContext } from 'preact/hooks';
import { linkified, tree } from '../content';
import { Needed } from '../context';
import type { Entry, Ticket, TicketEvent } from '../types';
import { Attached } from './Files';
import { Time } from './parts';

export function Thread({ ticket }: { ticket: Ticket }) {
  const { words } = useContext(Needed);
  return (
    <ol class="thread" aria-live="polite" aria-relevant="additions" aria-label={words.t('ticket.thread')}>
      {ticket.thread.map((entry) => (
        <Item key={entry.id} entry={entry} />
      ))}
    </ol>
  );
}

function Item({ entry }: { entry: Entry }) {
  const { words } = useContext(Needed);
  if (entry.type === 'event') return <Happened event={entry} />;
  const { author } = entry;
  const name = author.you ? words.t('you') : author.name || words.t('team');
  return (
    <li class={`message ${author.kind}`}>
      <p class="by">
        <span class="strong">
          <bdi>{name}</bdi>
        </span>{' '}
        <span class="quiet">
          <Time at={entry.at} />
        </span>
      </p>
      {(entry.body || entry.content) && (
        <div class={entry.content ? 'bubble rich' : 'bubble prose'} dir="auto">
          {entry.content ? tree(entry.content) : linkified(entry.body)}
        </div>
      )}
      <Attached files={entry.attachments} />
    </li>
  );
}

function Happened({ event }: { event: TicketEvent }) {
  const { words } = useContext(Needed);
  const { data, kind, actor } = event;
  const values: Record<string, string | number> = { who: actor.you ? words.t('you') : actor.name || words.t('team') };
  if (kind === 'state') values.to = words.t(`state.${data.to}`);
  if (kind === 'progress') values.to = words.percent(Number(data.to));
  if (kind === 'category') values.to = String(data.to);
  if (kind === 'checklist') Object.assign(values, { done: Number(data.done), of: Number(data.of) });
  return (
    <li class="event">
      <span>
        {words.t(`event.${kind}`, values)} · <Time at={event.at} />
      </span>
    </li>
  );
}
