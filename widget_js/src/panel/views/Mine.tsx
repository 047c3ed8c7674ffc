/** The way back to what was asked before, on any device: an address, and the code mailed to it. */
import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import { Needed } from '../context';
import { createEntrance } from '../entrance';
import { ApiError } from '../errors';
import { isAddress } from '../forms';
import { Icon } from '../icons';
import { createProblems } from '../problems';
import type { PanelState, Problem } from '../state';
import { clock, Labelled } from './New';
import { Header, Trouble, useWait } from './parts';

/** Milliseconds before another letter may be asked for. */
const RESEND_MS = 30_000;
const DIGITS = 6;

export function Mine({ state }: { state: PanelState }) {
  const { words, actions } = useContext(Needed);
  const { problemOf } = createProblems(words);
  const { askCode, enter: open } = createEntrance(actions.tools, actions.show);
  const back = actions.home;
  const [email, write] = useState(state.draft.email);
  const [sentTo, sent] = useState<string | null>(null);
  const [code, type] = useState('');
  const [fault, object] = useState<string | undefined>();
  const [busy, work] = useState(false);
  const [problem, trouble] = useState<Problem | null>(null);
  const [asked, ask] = useState(0);
  const form = useRef<HTMLFormElement>(null);
  const wait = useWait(problem);
  const resend = useWait(asked ? { code: '', text: '', until: asked + RESEND_MS, retry: null } : null);
  useEffect(() => form.current?.querySelector('input')?.focus(), [sentTo]);
  useEffect(() => {
    if (fault) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [fault]);

  async function attempt(task: () => Promise<void>): Promise<void> {
    if (busy || wait > 0) return;
    work(true);
    object(undefined);
    trouble(null);
    try {
      await task();
    } catch (error) {
      const what = error instanceof ApiError ? error.code : '';
      if (what === 'code_wrong') object(words.t('mine.wrong', { count: (error as ApiError).left ?? 0 }));
      else if (what === 'invalid') object(words.t(sentTo ? 'mine.digits' : 'fault.email'));
      else trouble(problemOf(error));
      if (what === 'code_expired') type('');
    }
    work(false);
  }

  const post = () =>
    attempt(async () => {
      if (!isAddress(email)) return object(words.t('fault.email'));
      sent((await askCode(email.trim())).sent_to);
      ask(Date.now());
      type('');
    });

  const enter = (digits: string) =>
    attempt(async () => {
      if (digits.length !== DIGITS) return object(words.t('mine.digits'));
      await open({ email: email.trim(), code: digits });
      if (actions.tools.store.get().screen.name === 'mine') back();
    });

  return (
    <section class="screen" aria-labelledby="v-title">
      <Header back={() => (sentTo ? (sent(null), trouble(null), object(undefined)) : back())} title={<span id="v-title">{words.t('home.mine')}</span>} />
      <form
        ref={form}
        class="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void (sentTo ? enter(code) : post());
        }}
      >
        <div class="scroll">
          {sentTo ? (
            <>
              <p class="sent" role="status">
                <Icon name="mail" size={24} />
                <span>{words.t('mine.sent', { email: sentTo })}</span>
              </p>
              <Labelled id="v-code" label={words.t('mine.code')} fault={fault} hint={words.t('mine.digits')}>
                <input
                  id="v-code"
                  class="code tabular"
                  dir="ltr"
                  inputMode="numeric"
                  autoComplete="one-time-code"
                  pattern="[0-9]*"
                  value={code}
                  aria-invalid={fault ? 'true' : undefined}
                  aria-describedby="v-code-more"
                  onInput={({ currentTarget: input }) => {
                    // Mail programs copy a code with blanks and dashes around it.
                    const digits = input.value.replace(/\D/g, '').slice(0, DIGITS);
                    input.value = digits;
                    type(digits);
                    if (digits.length === DIGITS && digits !== code) void enter(digits);
                  }}
                />
              </Labelled>
              <button type="button" class="small" aria-disabled={resend > 0 || busy} onClick={() => !resend && void post()}>
                {resend > 0 ? words.t('mine.again.in', { time: clock(resend) }) : words.t('mine.again')}
              </button>
            </>
          ) : (
            <Labelled id="v-address" label={words.t('new.email')} fault={fault} hint={words.t('mine.hint')}>
              <input
                id="v-address"
                type="email"
                inputMode="email"
                autoComplete="email"
                value={email}
                placeholder="ana@example.com"
                aria-invalid={fault ? 'true' : undefined}
                aria-describedby="v-address-more"
                onInput={(event) => (write(event.currentTarget.value), object(undefined))}
              />
            </Labelled>
          )}
          <Trouble problem={problem} />
        </div>
        <footer class="actions">
          <button type="submit" class="primary" aria-disabled={busy || wait > 0} aria-busy={busy}>
            {wait > 0 ? words.t('wait.in', { time: clock(wait) }) : words.t(sentTo ? 'mine.see' : 'mine.send')}
            {!wait && <Icon name="next" />}
          </button>
        </footer>
      </form>
    </section>
  );
}
