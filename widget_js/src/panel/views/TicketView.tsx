/** One request: where it stands, everything said and done, and the reply. */
import { useContext, useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Needed } from '../context';
import { Icon } from '../icons';
import type { PanelState } from '../state';
import type { Ticket } from '../types';
import { Composer } from './Composer';
import { Contact } from './Contact';
import { Particulars } from './Particulars';
import { useOrders } from './offers';
import { Header, Skeleton, StateMark, Trouble } from './parts';
import { Rating } from './Rating';
import { Thread } from './Thread';

export function TicketView({ state, ticket, filed }: { state: PanelState; ticket: Ticket | null; filed: boolean }) {
  const { words, actions } = useContext(Needed);
  return (
    <section class="screen" aria-labelledby="v-title">
      <Header back={actions.home} title={<span id="v-title">{ticket ? <span class="tabular">#{ticket.number}</span> : words.t('loading')}</span>}>
        {ticket && <Closing ticket={ticket} />}
      </Header>
      {ticket ? (
        <Body state={state} ticket={ticket} filed={filed} />
      ) : (
        <div class="scroll">{state.problem ? <Trouble problem={state.problem} /> : <Skeleton rows={6} />}</div>
      )}
    </section>
  );
}

function Closing({ ticket }: { ticket: Ticket }) {
  const { words, actions } = useContext(Needed);
  return ticket.can_close ? (
    <button type="button" class="small" onClick={() => void actions.close(ticket.id)}>
      <Icon name="check" size={16} /> {words.t('ticket.close')}
    </button>
  ) : (
    <button type="button" class="small" onClick={() => void actions.reopen(ticket.id)}>
      <Icon name="undo" size={16} /> {words.t('ticket.reopen')}
    </button>
  );
}

/** How near to its end a thread has to be for a new message to scroll into view. */
const NEAR = 160;

function Body({ state, ticket, filed }: { state: PanelState; ticket: Ticket; filed: boolean }) {
  const { words } = useContext(Needed);
  const scroll = useRef<HTMLDivElement>(null);
  const near = useRef(true);
  const placed = useRef(false);
  const offers = useOrders(ticket);
  const length = ticket.thread.length;
  useLayoutEffect(() => {
    const node = scroll.current!;
    // "We have your request" is read first; after that it is a thread like any other.
    if (filed && !placed.current && !state.replying && !state.reply.body) node.scrollTop = 0;
    else if (near.current || state.replying) node.scrollTop = node.scrollHeight;
    placed.current = true;
  }, [ticket.id, length, state.replying]);
  useEffect(() => {
    // Pictures that arrive late push the thread down; its end stays in view.
    const node = scroll.current!;
    const watch = new ResizeObserver(() => {
      if (near.current && !filed) node.scrollTop = node.scrollHeight;
    });
    for (const child of node.children) watch.observe(child);
    return () => watch.disconnect();
  }, []);
  return (
    <>
      <div class="facts">
        <h3 class="ticket-title clamp">
          <bdi>{ticket.title}</bdi>
        </h3>
        <StateMark state={ticket.state} progress={ticket.progress} />
        {ticket.state !== 'waiting' && <progress class={`whole ${ticket.state}`} max={100} value={ticket.progress} aria-label={words.t('progress')} />}
        {offers && <offers.OrderStrip orders={ticket.orders!} root={() => scroll.current} />}
      </div>
      <div
        class="scroll"
        ref={scroll}
        tabIndex={0}
        role="region"
        aria-label={words.t('ticket.thread')}
        onScroll={({ currentTarget: node }) => (near.current = node.scrollHeight - node.scrollTop - node.clientHeight < NEAR)}
      >
        {filed && (
          <div class="filed" role="status">
            <Icon name="check" size={24} />
            <p class="strong">{words.t('filed', { number: `#${ticket.number}` })}</p>
            {ticket.answer_by && <p>{words.before(ticket.answer_by)}</p>}
            {ticket.held && <p class="strong">{words.t('ticket.held')}</p>}
            <p class="quiet">{words.t(ticket.notify && ticket.email ? 'filed.next' : 'filed.here', { email: ticket.email ?? '' })}</p>
          </div>
        )}
        <Particulars ticket={ticket} promise={!filed} />
        <Thread ticket={ticket} state={state} offers={offers} />
        <Rating ticket={ticket} />
        {!state.replying && <Trouble problem={state.problem} />}
        <Contact number={ticket.number} />
      </div>
      <Composer state={state} ticket={ticket} />
    </>
  );
}
