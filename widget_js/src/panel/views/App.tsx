/** The whole panel: one screen at a time, or list and request side by side. */
import { useContext, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Needed, type Needs } from '../context';
import { Icon } from '../icons';
import type { PanelState } from '../state';
import type { Store } from '../store';
import { Home } from './Home';
import { New } from './New';
import { TicketView } from './TicketView';

/** From this width on, the inline view shows list and request side by side. */
const WIDE = 720;

export function App({ store, needs }: { store: Store<PanelState>; needs: Needs }) {
  const [state, draw] = useState(store.get());
  useLayoutEffect(() => store.subscribe(() => draw(store.get())), []);
  return (
    <Needed.Provider value={needs}>
      <Frame state={state} />
    </Needed.Provider>
  );
}

function Frame({ state }: { state: PanelState }) {
  const { words, actions, inline } = useContext(Needed);
  const frame = useRef<HTMLDivElement>(null);
  const [wide, widen] = useState(false);
  const [dropping, drop] = useState(false);
  const { screen } = state;
  const shown = screen.name === 'ticket' ? screen.id : screen.name === 'new' ? `new${screen.step}` : 'home';
  useEffect(() => {
    if (!inline) return;
    const watch = new ResizeObserver(([entry]) => widen(entry!.contentRect.width >= WIDE));
    watch.observe(frame.current!);
    return () => watch.disconnect();
  }, []);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) return void (first.current = false);
    if (!state.open && !inline) return;
    frame.current?.querySelector<HTMLElement>('.main h2')?.focus();
  }, [shown]);

  const where = screen.name === 'new' && screen.step === 1 ? 'draft' : screen.name === 'ticket' ? 'reply' : null;
  const main =
    screen.name === 'new' ? (
      <New key="new" state={state} step={screen.step} />
    ) : screen.name === 'ticket' ? (
      <TicketView key={screen.id} state={state} ticket={screen.ticket} filed={screen.filed} />
    ) : wide ? (
      <p class="empty middle">{words.t('inline.pick')}</p>
    ) : null;
  return (
    <div
      ref={frame}
      class={wide ? 'frame wide' : 'frame'}
      onDragOver={(event) => {
        if (!where || !event.dataTransfer?.types.includes('Files')) return;
        event.preventDefault();
        drop(true);
      }}
      onDragLeave={(event) => {
        if (!frame.current!.contains(event.relatedTarget as Node)) drop(false);
      }}
      onDrop={(event) => {
        drop(false);
        if (!where) return;
        event.preventDefault();
        actions.uploads.add(where, [...(event.dataTransfer?.files ?? [])]);
      }}
    >
      {(wide || screen.name === 'home') && (
        <div class={screen.name === 'home' ? 'pane main' : 'pane'}>
          <Home state={state} current={screen.name === 'ticket' ? screen.id : null} />
        </div>
      )}
      {main && <div class={screen.name === 'home' ? 'pane' : 'pane main'}>{main}</div>}
      {dropping && (
        <div class="drop">
          <Icon name="clip" size={32} />
          {words.t('file.drop')}
        </div>
      )}
      <div class="toasts" role="status">
        {!state.online && <p class="toast">{words.t('offline')}</p>}
        {state.toast && (
          <p class="toast">
            {state.toast.text}
            {state.toast.undo && (
              <button type="button" onClick={state.toast.undo}>
                {words.t('undo')}
              </button>
            )}
          </p>
        )}
      </div>
    </div>
  );
}
