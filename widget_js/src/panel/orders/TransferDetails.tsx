/** What has to be written on a transfer: to copy, to read aloud, or to scan. */
import { useContext, useState } from 'preact/hooks';
import { Needed } from '../context';
import { Icon } from '../icons';
import type { Transfer } from './begin';

const SHOWN_MS = 2_000;

export function TransferDetails({ transfer, total, bare, back }: { transfer: Transfer; total: string; bare: string; back: () => void }) {
  const { words } = useContext(Needed);
  const { qr } = transfer;
  return (
    <div class="offer-ask" role="group" aria-label={words.t('order.pay.transfer')}>
      <p class="strong confirm" tabIndex={-1}>
        {words.t('transfer.send', { total })}
      </p>
      <dl class="transfer">
        <Copied label={words.t('transfer.holder')} value={transfer.holder} />
        <Copied label="IBAN" value={transfer.iban} bare={transfer.iban.replaceAll(' ', '')} />
        {transfer.bic && <Copied label="BIC" value={transfer.bic} />}
        {transfer.bank && <Copied label={words.t('transfer.bank')} value={transfer.bank} />}
        <Copied label={words.t('transfer.amount')} value={total} bare={bare} />
        <Copied label={words.t('transfer.reference')} value={transfer.reference} />
      </dl>
      {qr && (
        <figure class="transfer-code">
          <svg viewBox={`0 0 ${qr.size} ${qr.size}`} role="img" aria-label={words.t('transfer.code')} shape-rendering="crispEdges">
            <path d={`M0 0h${qr.size}v${qr.size}H0z`} class="paper" />
            <path d={qr.path} />
          </svg>
          <figcaption class="quiet">{words.t('transfer.scan')}</figcaption>
        </figure>
      )}
      {transfer.note && (
        <p class="prose quiet" dir="auto">
          {transfer.note}
        </p>
      )}
      <p class="quiet">{words.t('transfer.after')}</p>
      <div class="offer-acts">
        <button type="button" class="secondary" onClick={back}>
          {words.t('back')}
        </button>
      </div>
    </div>
  );
}

function Copied({ label, value, bare = value }: { label: string; value: string; bare?: string }) {
  const { words } = useContext(Needed);
  const [done, say] = useState(false);
  async function copy(button: HTMLElement): Promise<void> {
    if (!(await toClipboard(bare, button.parentElement!))) return;
    button.focus();
    say(true);
    setTimeout(() => say(false), SHOWN_MS);
  }
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <span class="tabular" dir="auto">
          {value}
        </span>
        <button type="button" class="plain" aria-label={words.t(done ? 'transfer.copied' : 'transfer.copy', { what: label })} onClick={(event) => void copy(event.currentTarget)}>
          <Icon name={done ? 'check' : 'copy'} />
        </button>
        <span class="hidden" role="status">
          {done && words.t('transfer.copied')}
        </span>
      </dd>
    </div>
  );
}

/** Pages without https have no clipboard of their own; there a field is selected and copied, as ever. */
async function toClipboard(text: string, place: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement('textarea');
    field.value = text;
    field.className = 'hidden';
    place.append(field);
    field.select();
    const done = document.execCommand('copy');
    field.remove();
    return done;
  }
}
