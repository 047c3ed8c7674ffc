/** The window in a React application: mounted anywhere, once. */
import { createElement, useEffect, useMemo, useRef } from 'react';
import { load } from './index.js';

const EVENTS = { onOpen: 'open', onClose: 'close', onTicketCreated: 'ticket-created', onUnread: 'unread', onReply: 'reply', onDeflected: 'deflected' };

export function useVentanilla(options) {
  const { server, site } = options;
  // The script is told its options once; what may change later has commands of its own.
  return useMemo(() => load(options), [server, site]);
}

export function Ventanilla({ user, identify, ...options }) {
  const help = useVentanilla(options);
  const latest = useRef(options);
  const token = useRef(identify);
  const before = useRef(undefined);
  latest.current = options;
  token.current = identify;
  useEffect(() => {
    if (before.current === user) return;
    if (user != null) help.identify(() => token.current());
    else if (before.current != null) help.logout();
    before.current = user;
  }, [help, user]);
  useEffect(() => {
    const ends = Object.entries(EVENTS).map(([prop, event]) => help.on(event, (detail) => latest.current[prop]?.(detail)));
    return () => ends.forEach((end) => end());
  }, [help]);
  return null;
}

export function VentanillaView({ server, site, identityUrl, lang, theme, ...rest }) {
  useVentanilla({ server, site, button: 'none' });
  return createElement('ventanilla-widget', { site, 'identity-url': identityUrl, lang, theme, ...rest });
}
