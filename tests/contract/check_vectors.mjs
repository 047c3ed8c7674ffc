// Does Node sign what the vectors say? With the example host's own function; prints what differs.
import { readFileSync } from 'node:fs';
import { sign } from '../../examples/node_host.mjs';

const { kid, secret, vectors } = JSON.parse(readFileSync(new URL('identity_vectors.json', import.meta.url), 'utf8'));
const signed = vectors.filter((vector) => vector.signed);
const wrong = signed.filter((vector) => sign(vector.claims, { kid, secret }) !== vector.token);
for (const vector of wrong) console.error(`${vector.name}: ${sign(vector.claims, { kid, secret })}`);
console.log(`${signed.length - wrong.length} of ${signed.length} the same`);
process.exitCode = wrong.length || !signed.length ? 1 : 0;
