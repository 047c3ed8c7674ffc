/** Beginning to pay: a page to go to, a transfer to make, or word to wait for. Asked twice, it is one payment. */
import type { Tools } from '../actions';
import type { Order } from './types';

export interface Transfer {
  holder: string;
  iban: string;
  bic: string | null;
  bank: string | null;
  reference: string;
  amount: number;
  currency: string;
  note: string | null;
  qr: { size: number; path: string } | null;
}

export interface Begun {
  url?: string;
  transfer?: Transfer;
  waiting?: boolean;
}

export const begin = ({ api }: Tools, order: Order, way: string): Promise<Begun> =>
  api.act<Begun>(`/payments/${order.id}`, { way, return_to: location.href.split('#')[0] });
