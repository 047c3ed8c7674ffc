import { createHash } from 'node:crypto';
import { beforeEach, expect, test, vi } from 'vitest';
import { ApiError } from '../src/panel/errors';
import { createProver, hasher, hex, solve } from '../src/panel/proof';

const sha = (text: string) => createHash('sha256').update(text).digest('hex');
const puzzle = (number: number, salt = 'a1b2c3?expires=1700000000&for=abc&', maxnumber = 5_000) => ({
  challenge: sha(salt + number),
  salt,
  signature: 's',
  maxnumber,
  wait: 3,
});

beforeEach(() => {
  vi.useRealTimers();
});

test('every length of salt hashes as everywhere else', () => {
  for (let length = 0; length < 200; length += 1) {
    const salt = 'ñ'.repeat(length % 7) + 'x'.repeat(length);
    const hash = hasher(salt);
    for (const number of [0, 9, 10, 123_456, 1_000_000]) expect(hex(hash(number)), `${length} ${number}`).toBe(sha(salt + number));
  }
});

test.each([0, 1, 63, 64, 65, 4_999, 5_000])('the number %i is found', async (number) => {
  expect(await solve(puzzle(number))).toBe(number);
});

test('a puzzle without an answer ends', async () => {
  await expect(solve({ ...puzzle(1), challenge: 'f'.repeat(64) })).rejects.toMatchObject({ code: 'proof_required' });
});

test('the page gets its turn between slices', async () => {
  let moment = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (moment += 3));
  const timers = vi.spyOn(globalThis, 'setTimeout');
  await solve(puzzle(5_000));
  expect(timers.mock.calls.length).toBeGreaterThan(10);
  vi.restoreAllMocks();
});

test('a proof waits until the server takes it, and is used once', async () => {
  vi.useFakeTimers();
  const ask = vi.fn(() => Promise.resolve(puzzle(7)));
  const prover = createProver(ask);
  prover.begin();
  const sent: unknown[] = [];
  const done = prover.send(async (proof) => void sent.push(proof));
  await vi.advanceTimersByTimeAsync(2_900);
  expect(sent).toEqual([]);
  await vi.advanceTimersByTimeAsync(200);
  await done;
  const { challenge, salt, signature } = puzzle(7);
  expect(sent).toEqual([{ challenge, salt, signature, number: 7 }]);
  void prover.send(async () => {});
  expect(ask).toHaveBeenCalledTimes(2);
});

test.each(['proof_required', 'proof_expired'])('%s is answered with another proof, unnoticed, once', async (code) => {
  const ask = vi.fn(() => Promise.resolve({ ...puzzle(7), wait: 0 }));
  const act = vi.fn().mockRejectedValueOnce(new ApiError(code, 422)).mockResolvedValueOnce('filed');
  expect(await createProver(ask).send(act)).toBe('filed');
  expect(ask).toHaveBeenCalledTimes(2);
  act.mockRejectedValue(new ApiError(code, 422));
  await expect(createProver(ask).send(act)).rejects.toMatchObject({ code });
});

test('a proof that was refused with its request is kept for the next try', async () => {
  const ask = vi.fn(() => Promise.resolve({ ...puzzle(7), wait: 0 }));
  const prover = createProver(ask);
  await expect(prover.send(() => Promise.reject(new ApiError('rate_limited', 429, {}, 42)))).rejects.toMatchObject({ retryAfter: 42 });
  await prover.send(async () => {});
  expect(ask).toHaveBeenCalledTimes(1);
});

test('a network that was away is asked again', async () => {
  const ask = vi.fn().mockRejectedValueOnce(new ApiError('offline', 0)).mockResolvedValue({ ...puzzle(7), wait: 0 });
  const prover = createProver(ask);
  prover.begin();
  await Promise.resolve();
  await expect(prover.send(async () => 'early')).rejects.toMatchObject({ code: 'offline' });
  expect(await prover.send(async () => 'filed')).toBe('filed');
});
