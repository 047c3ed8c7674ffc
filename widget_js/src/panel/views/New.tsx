/** A new request in three steps: what about, the details, how to reach you. */
import type { ComponentChildren } from 'preact';
import { useContext, useEffect, useMemo, useRef } from 'preact/hooks';
import type { Field as FieldSpec } from '../../site';
import { Needed } from '../context';
import { tree } from '../content';
import type { Filing } from '../filing';
import { check } from '../forms';
import { Icon } from '../icons';
import { createProver } from '../proof';
import { proven } from '../session';
import type { PanelState } from '../state';
import { AddFiles, Uploads } from './Files';
import { Growing } from './Growing';
import { useLead } from './leading';
import { Before, Header, Trouble, useWait } from './parts';
import { type Suggested, useSuggestions } from './suggesting';

/** What the browser helps with; the rules are ours, see `forms`. */
const INPUT = { date: 'date', url: 'url' } as unknown as Record<string, 'text'>;

export function New({ state, step }: { state: PanelState; step: 0 | 1 | 2 }) {
  const { site, words, actions } = useContext(Needed);
  const first = site.categories.length ? 0 : 1;
  const form = useRef<HTMLFormElement>(null);
  const trap = useRef<HTMLInputElement>(null);
  const vouched = proven(state.requester);
  const prover = useMemo(() => createProver(actions.challenge), []);
  const wait = useWait(state.problem);
  const suggested = useSuggestions(state.draft);
  // Worked out while the person writes, so that sending never waits for it.
  useEffect(() => {
    if (state.requester && !vouched) prover.begin();
  }, [state.requester]);
  const send: Filing = (post) => (vouched ? post({}) : prover.send((proof) => post({ proof, website: trap.current?.value ?? '' })));
  useEffect(() => {
    // A browser that fills in everything must not keep anyone from sending.
    if (state.faults.website) trap.current!.value = '';
  }, [state.faults]);
  const back = () => (step > first && !state.sending ? actions.step((step - 1) as 0 | 1) : actions.home());
  const forward = () => {
    const faults = check(site, state.draft, step, state.requester, words);
    if (Object.keys(faults).length) actions.object(faults);
    else if (step === 2) void (wait || actions.file(send));
    else actions.step((step + 1) as 1 | 2);
  };
  useEffect(() => {
    if (step < first) actions.step(1);
  }, []);
  useLead(form, state);
  const titles = ['new.what', 'new.details', 'new.reach'] as const;
  return (
    <section class="screen" aria-labelledby="v-title">
      <Header
        back={back}
        title={
          <>
            <span id="v-title">{words.t(titles[step])}</span>
            <span class="steps quiet">{words.t('new.step', { step: step + 1 - first, of: 3 - first })}</span>
          </>
        }
      />
      <div class="way" aria-hidden="true">
        {Array.from({ length: 3 - first }, (_, at) => (
          <i key={at} class={at <= step - first ? 'on' : ''} />
        ))}
      </div>
      <form
        ref={form}
        class="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          forward();
        }}
      >
        <div class="scroll">
          {step === 0 && <What state={state} />}
          {step === 1 && <Details state={state} send={forward} suggested={suggested} />}
          {step === 2 && <Reach state={state} />}
          {/* Once more before it is sent, unless it was not quite it. */}
          {step === 2 && suggested.part && <suggested.part.Suggestions suggested={suggested} last />}
          <Trouble problem={state.problem?.until ? { ...state.problem, retry: null } : state.problem} />
        </div>
        <footer class="actions">
          <label class="hidden" aria-hidden="true">
            Website
            <input ref={trap} name="website" tabIndex={-1} autoComplete="off" />
          </label>
          <button type="submit" class="primary" aria-disabled={state.sending || wait > 0} aria-busy={state.sending}>
            {wait > 0 ? words.t('wait.in', { time: clock(wait) }) : step === 2 ? words.t(state.sending ? 'sending' : 'new.send') : words.t('continue')}
            {!wait && <Icon name={step === 2 ? 'send' : 'next'} />}
          </button>
        </footer>
      </form>
    </section>
  );
}

function What({ state }: { state: PanelState }) {
  const { site, words, actions, say, pick } = useContext(Needed);
  const picked = site.categories.find((each) => each.id === state.draft.category);
  return (
    <>
      <fieldset class="choices" aria-describedby={state.faults.category ? 'v-category' : undefined}>
        <legend class="hidden">{words.t('new.what')}</legend>
        {site.categories.map((each) => (
          <label key={each.id} class="choice">
            <input
              type="radio"
              name="category"
              value={each.id}
              checked={each === picked}
              aria-invalid={state.faults.category ? 'true' : undefined}
              onChange={() => actions.pick(each.id)}
            />
            <span class="choice-icon">
              <Icon name={each.icon} size={24} />
            </span>
            <span class="choice-text">
              <span class="strong">{say(each.name)}</span>
              <span class="quiet">{say(each.hint)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <Fault id="v-category" text={state.faults.category} />
      <div aria-live="polite">
        {picked?.notice && (
          <div class={`notice ${picked.notice.tone}`}>
            <Icon name={picked.notice.tone === 'info' ? 'info' : 'warning'} />
            <div class="rich">{tree(pick(picked.notice.content) ?? [])}</div>
          </div>
        )}
      </div>
    </>
  );
}

function Details({ state, send, suggested }: { state: PanelState; send(): void; suggested: Suggested }) {
  const { site, words, actions, say } = useContext(Needed);
  const { draft, faults } = state;
  const category = site.categories.find((each) => each.id === draft.category);
  const left = site.limits.title - draft.title.length;
  return (
    <>
      <Labelled id="v-t" label={words.t('new.title')} fault={faults.title} hint={left < 40 ? words.t('left', { count: left }) : ''}>
        <input
          id="v-t"
          type="text"
          dir="auto"
          value={draft.title}
          placeholder={words.t('new.title.hint')}
          aria-invalid={faults.title ? 'true' : undefined}
          aria-describedby="v-t-more"
          onInput={(event) => actions.edit({ title: event.currentTarget.value })}
        />
      </Labelled>
      <Labelled
        id="v-b"
        label={words.t('new.body')}
        fault={faults.body}
        hint={draft.body.length > site.limits.body - 500 ? words.t('left', { count: site.limits.body - draft.body.length }) : ''}
      >
        <Growing
          id="v-b"
          label={words.t('new.body')}
          value={draft.body}
          rows={8}
          least={4}
          placeholder={words.t('new.body.hint')}
          invalid={!!faults.body}
          describedBy="v-b-more"
          onInput={(body) => actions.edit({ body })}
          onSubmit={send}
          onFiles={(files) => actions.uploads.add('draft', files)}
        />
      </Labelled>
      {suggested.part && <suggested.part.Suggestions suggested={suggested} />}
      {category?.fields?.map((field) => (
        <Asked key={field.key} field={field} value={draft.fields[field.key] ?? ''} fault={faults[`fields.${field.key}`]} say={say} />
      ))}
      <Uploads where="draft" files={draft.files} />
      <AddFiles where="draft" files={draft.files} />
      <Fault id="v-files" text={faults.files ?? faults.attachments} />
      <label class="tick">
        <input type="checkbox" checked={draft.context} onChange={(event) => actions.edit({ context: event.currentTarget.checked })} />
        <span>
          {words.t('new.context')}
          <span class="quiet">{words.t('new.context.hint')}</span>
        </span>
      </label>
    </>
  );
}

function Asked({ field, value, fault, say }: { field: FieldSpec; value: string; fault: string | undefined; say(texts: Record<string, string> | undefined): string }) {
  const { words, actions } = useContext(Needed);
  const id = `v-f-${field.key}`;
  const common = { id, 'aria-describedby': `${id}-more`, 'aria-invalid': fault ? ('true' as const) : undefined, required: !!field.required };
  const answer = (text: string) => actions.answer(field.key, text);
  const label = field.required ? say(field.label) : words.t('optional', { label: say(field.label) });
  return (
    <Labelled id={id} label={label} fault={fault} hint={say(field.help)}>
      {field.type === 'choice' ? (
        <select {...common} value={value} onChange={(event) => answer(event.currentTarget.value)}>
          <option value="">{words.t('pick')}</option>
          {field.options?.map((option) => (
            <option key={option.value} value={option.value}>
              {say(option.label)}
            </option>
          ))}
        </select>
      ) : field.type === 'long' ? (
        <Growing id={id} label={label} value={value} rows={6} describedBy={`${id}-more`} invalid={!!fault} onInput={answer} />
      ) : (
        <input
          {...common}
          type={INPUT[field.type] ?? 'text'}
          inputMode={field.type === 'number' ? 'decimal' : undefined}
          value={value}
          onInput={(event) => answer(event.currentTarget.value)}
        />
      )}
    </Labelled>
  );
}

function Reach({ state }: { state: PanelState }) {
  const { words, actions, site, say } = useContext(Needed);
  const { draft, faults, requester } = state;
  const category = site.categories.find((each) => each.id === draft.category);
  return (
    <>
      {!proven(requester) && (
        <Labelled id="v-e" label={words.t('new.email')} fault={faults.email} hint={words.t('new.email.hint')}>
          <input
            id="v-e"
            type="email"
            autoComplete="email"
            inputMode="email"
            value={draft.email}
            placeholder="ana@example.com"
            aria-invalid={faults.email ? 'true' : undefined}
            aria-describedby="v-e-more"
            onInput={(event) => actions.edit({ email: event.currentTarget.value })}
          />
        </Labelled>
      )}
      {!proven(requester) && <Before />}
      {requester && proven(requester) && (
        <label class="tick">
          <input type="checkbox" role="switch" checked={draft.notify} onChange={(event) => actions.edit({ notify: event.currentTarget.checked })} />
          <span>
            {words.t('new.notify')}
            <span class="quiet">{requester.email ?? words.t('new.notify.none')}</span>
          </span>
        </label>
      )}
      <div class="summary">
        <h3>{words.t('new.summary')}</h3>
        {category && <p class="quiet">{say(category.name)}</p>}
        <p class="strong">
          <bdi>{draft.title}</bdi>
        </p>
        <p class="prose clamp" dir="auto">
          {draft.body}
        </p>
        {draft.files.some((file) => file.id) && (
          <p class="quiet">
            <Icon name="clip" size={16} /> {words.t('file.sent', { count: draft.files.filter((file) => file.id).length })}
          </p>
        )}
      </div>
    </>
  );
}

/** "0:42" */
export const clock = (seconds: number): string => `${Math.floor(seconds / 60)}:${`${seconds % 60}`.padStart(2, '0')}`;

export function Labelled({ id, label, fault, hint, children }: { id: string; label: string; fault?: string | undefined; hint?: string; children: ComponentChildren }) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      <span id={`${id}-more`} class={fault ? 'fault' : 'quiet'} aria-live="polite">
        {fault ?? hint}
      </span>
    </div>
  );
}

function Fault({ id, text }: { id: string; text: string | undefined }) {
  return (
    <p id={id} class="fault" role="alert">
      {text}
    </p>
  );
}
