/** The whole panel: one screen at a time, or list and request side by side. */
import { useContext, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Needed, type Needs } from '../context';
import { Icon } from '../icons';
import type { PanelState } from '../state';
import type { Store } from '../store';
import { Home } from './Home';
import { Header, Skeleton, Trouble } from './parts';

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

/** Text runs as its own language does, whichever way the page runs. */
const direction = (language: string): 'rtl' | 'ltr' => (['ar', 'fa', 'he', 'ur'].includes(language) ? 'rtl' : 'ltr');

function Frame({ state }: { state: PanelState }) {
  const { site, words, actions, inline, later } = useContext(Needed);
  const [, arrived] = useState(later.screens !== null);
  const frame = useRef<HTMLDivElement>(null);
  const [wide, widen] = useState(false);
  const [dropping, drop] = useState(false);
  const { screen } = state;
  const { screens } = later;
  const shown = state.checking ? 'checking' : screen.name === 'home' ? 'home' : !screens ? 'waiting' : screen.name === 'ticket' ? screen.id : screen.name === 'mine' ? 'mine' : `new${screen.step}`;
  useEffect(() => {
    if (!inline) return;
    const watch = new ResizeObserver(([entry]) => widen(entry!.contentRect.width >= WIDE));
    watch.observe(frame.current!);
    return () => watch.disconnect();
  }, []);
  const before = useRef<string | null>(null);
  // With the screen itself: a moment later it would take the focus from who is quick to type.
  useLayoutEffect(() => {
    if (shown === 'waiting') void later.bring().then(() => arrived(true));
    // A panel within the page takes the focus only where somebody has moved in it.
    const moved = before.current && !(inline && before.current === 'checking');
    before.current = shown;
    if (!moved || !state.open) return;
    frame.current?.querySelector<HTMLElement>('.main h2')?.focus();
  }, [shown]);

  const where = screen.name === 'new' && screen.step === 1 ? 'draft' : screen.name === 'ticket' ? 'reply' : null;
  if (state.checking)
    return (
      <div ref={frame} class="frame" dir={direction(words.language)}>
        <section class="screen pane main">
          <Header title={site.name} />
          <div class="scroll">{state.problem ? <Trouble problem={state.problem} /> : <Skeleton />}</div>
        </section>
      </div>
    );
  const main =
    screen.name === 'home' ? (
      wide ? <p class="empty middle">{words.t('inline.pick')}</p> : null
    ) : !screens ? (
      <section class="screen">
        <Header title={words.t('loading')} back={actions.home} />
        <div class="scroll">
          <Skeleton rows={6} />
        </div>
      </section>
    ) : screen.name === 'new' ? (
      <screens.New key="new" state={state} step={screen.step} />
    ) : screen.name === 'mine' ? (
      <screens.Mine state={state} />
    ) : (
      <screens.TicketView key={screen.id} state={state} ticket={screen.ticket} filed={screen.filed} />
    );
  return (
    <div
      ref={frame}
      dir={direction(words.language)}
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
        // Text falls into the field it is dropped on.
        if (!where || !event.dataTransfer?.files.length) return;
        event.preventDefault();
        actions.uploads.add(where, event.dataTransfer.files);
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
        {!state.online && state.problem?.code !== 'offline' && <p class="toast">{words.t('offline')}</p>}
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
