/** Yes or no to exactly the version that is shown. Both may be sent twice. */
import type { Tools } from '../actions';
import { deliver } from '../deliver';
import type { Ticket } from '../types';
import type { Order } from './types';

export async function decide({ api, store, session, shown }: Tools, ticket: Ticket, { quote }: Order, answer: 'acceptance' | 'refusal', more: object, away: (now: (() => void) | null) => void): Promise<void> {
  const { era } = session;
  const path = `/tickets/${ticket.id}/quotes/${quote.id}/${answer}`;
  const now = await deliver(() => api.act(path, { digest: quote.digest, ...more }), {
    away,
    back: () => away(null),
    mine: () => era === session.era,
  });
  const { screen } = store.get();
  if (screen.name === 'ticket' && screen.id === ticket.id) store.set(shown(now));
}
