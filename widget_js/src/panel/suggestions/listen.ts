/** Hears an answer as it is written, sentence by sentence. */
import type { Api } from '../api';
import type { Sentence } from '../types';

const SENTENCE = /^event: sentence\ndata: (.*)$/;

/** Calls `hear` with each sentence; nothing may be written at all. Throws if it breaks off. */
export async function listen(api: Api, showing: string, locale: string, signal: AbortSignal, hear: (sentence: Sentence) => void): Promise<void> {
  const answer = await api.raw('POST', `/suggestions/${showing}/answer`, { locale }, signal);
  if (answer.status === 204 || !answer.body) return;
  const reader = answer.body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array<ArrayBuffer>>).getReader();
  let left = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const events = (left + value).split('\n\n');
    left = events.pop()!;
    for (const event of events) {
      const data = SENTENCE.exec(event)?.[1];
      if (data) hear(JSON.parse(data) as Sentence);
    }
  }
}
