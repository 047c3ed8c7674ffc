/** Brings what draws quotes and orders, with its words, once a request has any. */
import { useContext, useEffect, useState } from 'preact/hooks';
import { Needed } from '../context';
import type { Ticket } from '../types';

export type Offers = typeof import('../orders');

const AGAIN = 3_000;

export function useOrders(ticket: Ticket): Offers | null {
  const { words, root } = useContext(Needed);
  const [offers, have] = useState<Offers | null>(null);
  const wanted = !!ticket.orders?.length;
  useEffect(() => {
    let timer = 0;
    let gone = false;
    const bring = (): void =>
      void import('../orders')
        .then(async (module) => {
          await module.learn(words);
          if (!root.adoptedStyleSheets.includes(module.sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, module.sheet];
          if (!gone) have(module);
        })
        .catch(() => {
          if (!gone) timer = window.setTimeout(bring, AGAIN);
        });
    if (wanted && !offers) bring();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [wanted]);
  return wanted ? offers : null;
}
