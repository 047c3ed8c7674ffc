import type { HTMLAttributes, ReactElement } from 'react';
import type { Events, Handle, Options } from './index.js';

export interface VentanillaProps extends Options {
  /** What differs from one signed-in user to the next, such as an id; `null`: nobody is signed in. */
  user?: string | number | null;
  /** Gets a token for the signed-in user from your server. Needed with `user`. */
  identify?: () => string | Promise<string>;
  onOpen?: () => void;
  onClose?: () => void;
  onTicketCreated?: (detail: Events['ticket-created']) => void;
  onUnread?: (detail: Events['unread']) => void;
  onReply?: (detail: Events['reply']) => void;
  onDeflected?: (detail: Events['deflected']) => void;
}

/** The floating button. Renders nothing itself; who is signed in may change at any time. */
export function Ventanilla(props: VentanillaProps): null;

export interface ViewProps extends Pick<Options, 'server' | 'site' | 'identityUrl' | 'lang' | 'theme'>, Omit<HTMLAttributes<HTMLElement>, 'lang'> {}

/** The view inside the page: list, request, form. */
export function VentanillaView(props: ViewProps): ReactElement;

/** Loads the window and returns what controls it. */
export function useVentanilla(options: Options): Handle;
