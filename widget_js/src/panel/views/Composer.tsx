/** Where a reply is written. While one is on its way it stands in the thread, and this waits. */
import { useContext } from 'preact/hooks';
import { Needed } from '../context';
import { Icon } from '../icons';
import type { PanelState } from '../state';
import type { Ticket } from '../types';
import { AddFiles, Uploads } from './Files';
import { Growing } from './Growing';

/** From this near to the limit on, it is counted down. */
const SHOW_LEFT = 500;

export function Composer({ state, ticket }: { state: PanelState; ticket: Ticket }) {
  const { site, words, actions } = useContext(Needed);
  const { replying } = state;
  const reply = replying ? { body: '', files: [] } : state.reply;
  const uploading = reply.files.some((file) => !file.id && !file.problem);
  const empty = !reply.body.trim() && !reply.files.some((file) => file.id);
  const left = site.limits.body - reply.body.length;
  const blocked = uploading || empty || left < 0;
  const label = words.t(ticket.state === 'completed' ? 'reply.reopens' : 'reply.write');
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        if (!blocked) void actions.send();
      }}
    >
      <Uploads where="reply" files={reply.files} />
      <div class="composer-line">
        <AddFiles where="reply" files={reply.files} compact />
        <Growing
          label={label}
          placeholder={label}
          value={reply.body}
          rows={6}
          locked={!!replying}
          describedBy="v-keys"
          onInput={(body) => actions.write({ body })}
          onSubmit={() => !blocked && void actions.send()}
          onFiles={(files) => actions.uploads.add('reply', files)}
        />
        <button
          type="submit"
          class="primary round"
          aria-disabled={blocked}
          aria-busy={replying === 'sending'}
          aria-label={words.t('reply.send')}
          title={words.t('reply.keys')}
        >
          <Icon name="send" />
        </button>
      </div>
      <p id="v-keys" class={left < 0 ? 'fault' : reply.body ? 'quiet keys' : 'hidden'}>
        {left < SHOW_LEFT ? words.t('left', { count: left }) : words.t('reply.keys')}
      </p>
    </form>
  );
}
