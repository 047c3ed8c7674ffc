/** What is typed, kept until it is sent: through reloads, navigation and expired sessions. */
import { emptyDraft, emptyReply, type Draft, type Reply, type Upload } from './state';
import type { Kept } from './storage';

/** Files that reached the server survive; half-sent ones and local pictures cannot. */
const lasting = (files: Upload[]): Upload[] => files.filter((file) => file.id).map((file) => ({ ...file, picture: null }));

/** Has anything been written that would be a pity to lose? */
export const begun = (draft: Draft): boolean => !!(draft.title.trim() || draft.body.trim() || draft.files.length);

export function createDrafts(kept: Kept, session: { keeps: boolean }) {
  /** Nothing of one person is kept among what is somebody else's, and nothing of theirs is dropped. */
  const keep = (name: string, value: unknown): unknown => session.keeps && (value ? kept.set(name, value) : kept.remove(name));
  return {
    draft: (): Draft => ({ ...emptyDraft(), ...kept.get<Draft>('draft') }),
    reply: (id: string): Reply => ({ ...emptyReply(), ...kept.get<Reply>(`reply:${id}`) }),
    keepDraft: (draft: Draft) => keep('draft', { ...draft, files: lasting(draft.files) }),
    keepReply: (id: string, reply: Reply) =>
      keep(`reply:${id}`, (reply.body || reply.files.length) && { ...reply, files: lasting(reply.files) }),
    dropDraft: () => keep('draft', null),
    dropReply: (id: string) => keep(`reply:${id}`, null),
  };
}
