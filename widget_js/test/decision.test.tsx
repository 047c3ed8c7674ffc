// @vitest-environment jsdom
import { render } from 'preact';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import es from '../locales/es.json';
import orders from '../locales/orders/es.json';
import { Needed, type Needs } from '../src/panel/context';
import { ApiError, offline } from '../src/panel/errors';
import { createWords } from '../src/panel/i18n';
import { Decision } from '../src/panel/orders/Decision';
import type { Order } from '../src/panel/orders/types';
import type { Ticket } from '../src/panel/types';

const words = createWords('es', { ...es, ...orders });
const ticket = { id: 't' } as Ticket;
const offer = (id: string): Order => ({ id: 'o', quote: { id, digest: `digest of ${id}` } }) as unknown as Order;

let place: HTMLElement;
let sent: { path: string; body: unknown }[];
let answers: (() => unknown)[];
let refreshed: number;

const tools = {
  session: { era: 0 },
  store: { get: () => ({ screen: { name: 'ticket', id: 't' } }), set: () => {} },
  shown: (now: Ticket) => ({ ticket: now }),
  api: {
    async act(path: string, body: unknown) {
      sent.push({ path, body });
      return answers.shift()?.() ?? ticket;
    },
  },
};
const needs = { words, actions: { tools, refresh: async () => void refreshed++ } } as unknown as Needs;

const draw = (order: Order) =>
  render(
    <Needed.Provider value={needs}>
      <article tabIndex={-1}>
        <Decision ticket={ticket} order={order} total="12 €" />
      </article>
    </Needed.Provider>,
    place,
  );
const settle = () => vi.advanceTimersByTimeAsync(50);
const press = async (text: string): Promise<void> => {
  [...place.querySelectorAll('button')].find((button) => button.textContent === text)!.click();
  await settle();
};

beforeEach(() => {
  vi.useFakeTimers();
  [sent, answers, refreshed] = [[], [], 0];
  place = document.body.appendChild(document.createElement('div'));
  draw(offer('one'));
});
afterEach(() => {
  render(null, place);
  place.remove();
  vi.useRealTimers();
});

test('a yes is asked for once more and names the version that is shown', async () => {
  await press('Revisar y aceptar');
  expect(document.activeElement?.textContent).toBe('¿Aceptas este presupuesto por 12 €?');
  expect(sent).toEqual([]);
  await press('Aceptar por 12 €');
  expect(sent).toEqual([{ path: '/tickets/t/quotes/one/acceptance', body: { digest: 'digest of one' } }]);
});

test('a no takes its reason along', async () => {
  await press('Rechazar');
  const reason = place.querySelector('textarea')!;
  reason.value = ' Caro ';
  reason.dispatchEvent(new Event('input', { bubbles: true }));
  await settle();
  await press('Rechazar el presupuesto');
  expect(sent).toEqual([{ path: '/tickets/t/quotes/one/refusal', body: { digest: 'digest of one', reason: 'Caro' } }]);
});

test('two presses are one', async () => {
  answers = [() => new Promise(() => {})];
  await press('Revisar y aceptar');
  const button = place.querySelector<HTMLButtonElement>('.offer-ask .primary')!;
  button.click();
  button.click();
  await settle();
  expect(sent).toHaveLength(1);
});

test('another version that arrives meanwhile has to be looked over', async () => {
  await press('Revisar y aceptar');
  draw(offer('two'));
  await settle();
  expect(place.querySelector('.offer-ask')).toBeNull();
  expect(place.textContent).toContain('El presupuesto ha cambiado');
  await press('Revisar y aceptar');
  await press('Aceptar por 12 €');
  expect(sent[0]!.path).toContain('/two/');
});

test('what the server no longer offers is read again', async () => {
  answers = [
    () => {
      throw new ApiError('quote_expired', 409);
    },
  ];
  await press('Revisar y aceptar');
  await press('Aceptar por 12 €');
  expect(refreshed).toBe(1);
  expect(place.textContent).toContain('El presupuesto ha caducado');
});

test('a network that drops is waited for', async () => {
  answers = [
    () => {
      throw offline();
    },
  ];
  await press('Revisar y aceptar');
  await press('Aceptar por 12 €');
  expect(place.textContent).toContain('Sin conexión');
  await vi.advanceTimersByTimeAsync(2_000);
  expect(sent).toHaveLength(2);
  expect(place.textContent).not.toContain('Sin conexión');
});
