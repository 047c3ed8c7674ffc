/** A thread as it is drawn: what happened in one go is one line. */
import type { Order } from './orders/types';
import type { Entry, Message, Ticket, TicketEvent } from './types';

export interface Happening {
  id: string;
  events: TicketEvent[];
}

/** Milliseconds within which events belong to one act. */
const TOGETHER = 120_000;

export function grouped(thread: Entry[]): (Message | Happening)[] {
  const parts: (Message | Happening)[] = [];
  for (const entry of thread) {
    const last = parts[parts.length - 1];
    if (entry.type === 'message') parts.push(entry);
    else if (last && 'events' in last && near(last, entry)) last.events.push(entry);
    else parts.push({ id: entry.id, events: [entry] });
  }
  return parts;
}

const near = (last: Happening, next: TicketEvent): boolean => Date.parse(next.at) - Date.parse(last.events[0]!.at) < TOGETHER;

const OFFERS = ['quoted', 'ordered'];

/** The orders whose newest version was sent with these events. */
export function offered(ticket: Ticket, events: TicketEvent[]): Order[] {
  const sent = (id: string) => ticket.thread.findLast((entry) => entry.type === 'event' && OFFERS.includes(entry.kind) && entry.data.order === id);
  return (ticket.orders ?? []).filter((order) => events.includes(sent(order.id) as TicketEvent));
}
