/** The work a visitor's browser does for each request: SHA-256 by hand, in slices nobody feels.
 *
 * `crypto.subtle` is missing on plain http and asynchronous for every hash; a worker needs a policy most hosts do not have. */
import { ApiError } from './errors';

export interface Challenge {
  challenge: string;
  salt: string;
  signature: string;
  maxnumber: number;
  /** Seconds before its solution is taken. */
  wait: number;
}

/** Milliseconds of work at a time: half a frame. */
const SLICE_MS = 8;
/** Numbers between two looks at the clock. */
const BATCH = 64;
/** A challenge is asked for anew this long after the last: well before the server calls it old. */
const FRESH_MS = 15 * 60_000;

const START = new Int32Array(8);
const K = new Int32Array(64);
for (let n = 2, at = 0; at < 64; n += 1) {
  let prime = true;
  for (let by = 2; by * by <= n; by += 1) if (n % by === 0) prime = false;
  if (!prime) continue;
  if (at < 8) START[at] = n ** 0.5 * 2 ** 32;
  K[at++] = n ** (1 / 3) * 2 ** 32;
}

const words = new Int32Array(64);

/** Folds the 64 bytes at `from` into `state`. */
function fold(state: Int32Array, bytes: Uint8Array, from: number): void {
  for (let i = 0; i < 16; i += 1, from += 4) words[i] = (bytes[from]! << 24) | (bytes[from + 1]! << 16) | (bytes[from + 2]! << 8) | bytes[from + 3]!;
  for (let i = 16; i < 64; i += 1) {
    const x = words[i - 15]!;
    const y = words[i - 2]!;
    const one = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const two = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    words[i] = words[i - 16]! + one + words[i - 7]! + two;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
  for (let i = 0; i < 64; i += 1) {
    const big = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const one = (h + big + ((e & f) ^ (~e & g)) + K[i]! + words[i]!) | 0;
    const low = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const two = (low + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
  state[5]! += f;
  state[6]! += g;
  state[7]! += h;
}

/** Returns a function that hashes `salt` and a number; the salt's whole blocks are folded once. */
export function hasher(salt: string): (number: number) => Int32Array {
  const bytes = new TextEncoder().encode(salt);
  const whole = bytes.length & ~63;
  const middle = START.slice();
  for (let at = 0; at < whole; at += 64) fold(middle, bytes, at);
  const rest = bytes.length - whole;
  const block = new Uint8Array(128);
  const state = new Int32Array(8);
  return (number) => {
    const digits = `${number}`;
    block.fill(0);
    block.set(bytes.subarray(whole));
    let end = rest;
    for (let i = 0; i < digits.length; i += 1) block[end++] = digits.charCodeAt(i);
    block[end] = 128;
    const size = end < 56 ? 64 : 128;
    new DataView(block.buffer).setUint32(size - 4, (whole + end) * 8);
    state.set(middle);
    for (let at = 0; at < size; at += 64) fold(state, block, at);
    return state;
  };
}

export const hex = (state: Int32Array): string => [...state].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');

const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Finds the number, giving the page back every few milliseconds. */
export async function solve({ salt, challenge, maxnumber }: Challenge): Promise<number> {
  const hash = hasher(salt);
  const first = parseInt(challenge.slice(0, 8), 16) | 0;
  for (let number = 0; number <= maxnumber; await rest(0)) {
    const until = performance.now() + SLICE_MS;
    do {
      for (const last = Math.min(number + BATCH - 1, maxnumber); number <= last; number += 1) {
        const state = hash(number);
        if (state[0] === first && hex(state) === challenge) return number;
      }
    } while (number <= maxnumber && performance.now() < until);
  }
  throw new ApiError('proof_required', 422);
}

export type Proof = Pick<Challenge, 'challenge' | 'salt' | 'signature'> & { number: number };

/** Has a proof ready by the time it is needed, and another if that one is not taken. */
export function createProver(ask: () => Promise<Challenge>) {
  let work: Promise<Proof> | null = null;
  let begun = 0;

  async function run(): Promise<Proof> {
    const { challenge, salt, signature, ...more } = await ask();
    const ready = Date.now() + more.wait * 1000;
    const number = await solve({ challenge, salt, signature, ...more });
    await rest(ready - Date.now());
    return { challenge, salt, signature, number };
  }

  /** Starts working, unless there is a fresh proof or it is under way. */
  function begin(): Promise<Proof> {
    if (work && Date.now() - begun < FRESH_MS) return work;
    begun = Date.now();
    const running = run();
    // One that failed is tried again when it is needed.
    running.catch(() => work === running && (work = null));
    return (work = running);
  }

  return {
    begin: () => void begin().catch(() => {}),

    /** Sends with a proof; one the server does not take is replaced, unnoticed, once. */
    async send<T>(act: (proof: Proof) => Promise<T>): Promise<T> {
      for (let tries = 0; ; tries += 1) {
        try {
          const done = await act(await begin());
          work = null;
          return done;
        } catch (error) {
          if (tries || !(error instanceof ApiError) || !error.code.startsWith('proof_')) throw error;
          work = null;
        }
      }
    },
  };
}
