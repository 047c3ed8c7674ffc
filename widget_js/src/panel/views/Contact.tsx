/** How to reach the team, and whether anybody is there now. */
import { useContext } from 'preact/hooks';
import type { Channel } from '../../site';
import { Needed } from '../context';
import { standing, useNow } from '../hours';
import { Icon } from '../icons';

const ICONS = { phone: 'phone', whatsapp: 'chat', email: 'mail' };

export function Contact({ number }: { number?: number }) {
  const { site, words } = useContext(Needed);
  const { email, answer_hours: hours } = site.contact;
  const listed = site.channels ?? [];
  const channels: Channel[] =
    email && !listed.some((each) => each.kind === 'email') ? [...listed, { kind: 'email', value: email, label: {}, open: null }] : listed;
  const promise = hours && <span class="quiet">{words.t('contact.promise', { count: hours })}</span>;
  if (!channels.length) return promise ? <footer class="contact">{promise}</footer> : null;
  return (
    <footer class="contact">
      <details>
        <summary>
          <Strip channel={channels[0]!} />
          {promise}
        </summary>
        <ul>
          {channels.map((each) => (
            <Way key={each.kind + each.value} channel={each} number={number} />
          ))}
        </ul>
      </details>
    </footer>
  );
}

function useStanding(channel: Channel): [string, boolean] {
  const { words } = useContext(Needed);
  const first = standing(channel.open, Date.now());
  const now = useNow(first.change);
  const { open, change } = standing(channel.open, now);
  if (open) return [words.t('contact.open'), true];
  return [change ? words.t('contact.opens', { when: words.at(change, now) }) : words.t('contact.closed'), false];
}

function Strip({ channel }: { channel: Channel }) {
  const { words, say } = useContext(Needed);
  const [text, open] = useStanding(channel);
  return (
    <span class={open ? 'there' : 'away'}>
      <Icon name={ICONS[channel.kind]} />
      <span>
        <span class="strong">{say(channel.label) || words.t(`contact.${channel.kind}`)}</span> {channel.open && <span role="status">{text}</span>}
      </span>
    </span>
  );
}

function Way({ channel, number }: { channel: Channel; number?: number }) {
  const { words, say, site } = useContext(Needed);
  const [text, open] = useStanding(channel);
  const digits = channel.value.replace(/\D/g, '');
  const hello = words.t('contact.hello', { site: site.name, number: number ? ` (#${number})` : '' });
  const href = { phone: `tel:${channel.value}`, whatsapp: `https://wa.me/${digits}?text=${encodeURIComponent(hello)}`, email: `mailto:${channel.value}` };
  return (
    <li class={open ? 'there' : 'away'}>
      <a href={href[channel.kind]} target={channel.kind === 'whatsapp' ? '_blank' : undefined} rel="noopener">
        <Icon name={ICONS[channel.kind]} />
        <span>
          <span class="strong">{say(channel.label) || words.t(`contact.${channel.kind}`)}</span>
          <bdi>{channel.value}</bdi>
        </span>
      </a>
      {channel.open && <span class="when">{text}</span>}
    </li>
  );
}
