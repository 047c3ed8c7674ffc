/** A key for one act, however often it has to be sent. No `crypto.randomUUID` on plain http. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(5)), (part) => part.toString(36)).join('');
}
