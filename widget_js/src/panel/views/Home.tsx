/** The list of my requests, and the way to a new one. */
import { useContext, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Needed } from '../context';
import { begun } from '../drafts';
import { Icon } from '../icons';
import { proven } from '../session';
import type { PanelState } from '../state';
import type { State } from '../types';
import { Contact } from './Contact';
import { Before, Header, Row, Skeleton, Trouble } from './parts';

/** Where the list was left; coming back from a request finds it there. */
let kept = 0;

/** From this many requests on, a filter helps more than it disturbs. */
const MANY = 8;

export function Home({ state, current }: { state: PanelState; current: string | null }) {
  const { site, words, actions, say } = useContext(Needed);
  const { home, filter } = state;
  const total = home ? Math.max(home.tickets.length, Object.values(home.counts).reduce((sum, count) => sum + count, 0)) : 0;
  const scroll = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const node = scroll.current!;
    node.scrollTop = kept;
    return () => (kept = node.scrollTop);
  }, []);
  const filtered = filter.q !== '' || filter.state !== '';
  return (
    <section class="screen home" aria-labelledby="v-home">
      <Header
        title={
          <span class="brand">
            {site.look.logo && <img src={site.look.logo} alt="" width={28} height={28} />}
            <span id="v-home">{site.name}</span>
          </span>
        }
      />
      <div class={home && !total ? 'scroll alone' : 'scroll'} ref={scroll} onScroll={(event) => (kept = event.currentTarget.scrollTop)}>
        {home && !total && (
          <span class="badge">
            <Icon name="chat" size={32} />
          </span>
        )}
        <p class="greeting">{say(site.greeting)}</p>
        {home && !total && <p class="invitation">{words.t('home.invitation')}</p>}
        <button type="button" class="primary wide" onClick={actions.compose}>
          <Icon name="plus" /> {words.t('new')}
        </button>
        {home && !proven(state.requester) && <Before />}
        {begun(state.draft) && <p class="quiet resume">{words.t('new.resume')}</p>}
        <Trouble problem={state.problem} />
        {!home && !state.problem && <Skeleton />}
        {home && total > 0 && (
          <>
            <h3 id="v-mine">{words.t('home.mine')}</h3>
            {total > MANY && <Filter state={state} />}
            <ul class="rows" aria-labelledby="v-mine">
              {home.tickets.map((row) => (
                <Row key={row.id} row={row} current={row.id === current} open={() => void actions.show(row.id)} />
              ))}
            </ul>
            {filtered && home.tickets.length === 0 && <p class="empty">{words.t('home.nothing')}</p>}
            {home.next && (
              <button type="button" class="secondary wide" disabled={state.loading} onClick={() => void actions.more()}>
                {words.t('more')}
              </button>
            )}
          </>
        )}
      </div>
      <Contact />
    </section>
  );
}

function Filter({ state }: { state: PanelState }) {
  const { words, actions } = useContext(Needed);
  const [text, type] = useState(state.filter.q);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) return void (first.current = false);
    const timer = setTimeout(() => void actions.list({ ...state.filter, q: text }), 250);
    return () => clearTimeout(timer);
  }, [text]);
  const states: (State | '')[] = ['', 'waiting', 'in_progress', 'completed'];
  return (
    <div class="filter">
      <label class="search">
        <Icon name="search" />
        <input type="search" value={text} aria-label={words.t('search')} placeholder={words.t('search')} onInput={(event) => type(event.currentTarget.value)} />
      </label>
      <select
        aria-label={words.t('filter')}
        value={state.filter.state}
        onChange={(event) => void actions.list({ q: text, state: event.currentTarget.value as State | '' })}
      >
        {states.map((each) => (
          <option key={each} value={each}>
            {words.t(each ? `state.${each}` : 'filter.all')}
          </option>
        ))}
      </select>
    </div>
  );
}
