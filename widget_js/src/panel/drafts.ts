/** What is typed, kept until it is sent: through reloads, navigation and expired sessions. */
import { emptyDraft, emptyReply, type Draft, type Reply, type Upload } from './state';
import type { Kept } from './storage';

/** Files that reached the server survive; half-sent ones and local pictures cannot. */
const lasting = (files: Upload[]): Upload[] => files.filter((file) => file.id).map((file) => ({ ...file, picture: null }));

/** Has anything been written that would be a pity to lose? */
export const begun = (draft: Draft): boolean => !!(draft.title.trim() || draft.body.trim() || draft.files.length);

export function createDrafts(kept: Kept) {
  return {
    draft: (): Draft => ({ ...emptyDraft(), ...kept.get<Draft>('draft') }),
    reply: (id: string): Reply => ({ ...emptyReply(), ...kept.get<Reply>(`reply:${id}`) }),
    keepDraft: (draft: Draft) => kept.set('draft', { ...draft, files: lasting(draft.files) }),
    keepReply: (id: string, reply: Reply) =>
      reply.body || reply.files.length ? kept.set(`reply:${id}`, { ...reply, files: lasting(reply.files) }) : kept.remove(`reply:${id}`),
    dropDraft: () => kept.remove('draft'),
    dropReply: (id: string) => kept.remove(`reply:${id}`),
  };
}
