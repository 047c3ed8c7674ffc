/** The list at home, kept right without asking for it again. */
import type { Home, Ticket, TicketRow } from './types';

/** The changed rows in their place; with a filter on, only those that are shown already. */
export function merged(shown: TicketRow[], changed: TicketRow[], all: boolean): TicketRow[] {
  const news = new Map(changed.map((row) => [row.id, row]));
  if (!all) return shown.map((row) => news.get(row.id) ?? row);
  const rows = [...changed, ...shown.filter((row) => !news.has(row.id))];
  return rows.sort((a, b) => (a.updated_at < b.updated_at ? 1 : a.updated_at > b.updated_at ? -1 : 0));
}

/** The list after a request was read or changed here: it is no longer unread, and is counted where it stands. */
export function withTicket(home: Home, ticket: Ticket, filed: boolean): Home {
  const before = home.tickets.find((row) => row.id === ticket.id);
  const counts = { ...home.counts };
  if (before) counts[before.state] -= 1;
  if (before || filed) counts[ticket.state] += 1;
  return {
    ...home,
    counts,
    unread: Math.max(0, home.unread - (before?.unread ? 1 : 0)),
    tickets: merged(home.tickets, [{ ...ticket, unread: false }], true),
  };
}
