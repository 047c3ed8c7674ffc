/** Quotes and orders, as the server answers them. */

export type OrderState =
  | 'awaiting_acceptance'
  | 'awaiting_payment'
  | 'paid'
  | 'in_production'
  | 'delivered'
  | 'declined'
  | 'cancelled'
  | 'refunded';

export interface QuoteLine {
  text: string;
  quantity: number;
  price: number;
  rate: number;
  net: number;
}

export interface Quote {
  id: string;
  version: number;
  digest: string;
  lines: QuoteLine[];
  note: string;
  currency: string;
  decimals: number;
  net: number;
  vat: { rate: number; net: number; vat: number }[];
  total: number;
  lead_days: number;
  valid_until: string | null;
  sent_at: string;
  by: string;
}

/** How an order can be paid now; `waiting_since` while a payment is on its way. */
export interface Paying {
  ways: { kind: string; label: string | null }[];
  waiting_since: string | null;
}

export interface Order {
  id: string;
  kind: 'quote' | 'work';
  state: OrderState;
  number: string | null;
  quote_number: string | null;
  title: string;
  quote: Quote;
  expired: boolean;
  can_decide: boolean;
  reason: string | null;
  delivery: { on: string; estimated: boolean; lead_days: number } | null;
  /** The day it was at the site: the panel does not know its time zone. */
  delivered_on: string | null;
  accepted_at: string | null;
  paid_at: string | null;
  /** How much of what was paid went back, in minor units. */
  returned: number;
  moves: { to: OrderState; at: string }[];
  pay: Paying | null;
  pdf_url: string | null;
}
