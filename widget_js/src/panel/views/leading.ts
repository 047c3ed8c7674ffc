/** Where a form leads: to what was refused. */
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { PanelState } from '../state';

/** Puts the focus into the first field at fault; whoever is mending one field is not led to the next. */
export function useLead(form: RefObject<HTMLFormElement | null>, { draft, faults }: PanelState): void {
  const seen = useRef(draft);
  useLayoutEffect(() => {
    const typed = seen.current !== draft;
    seen.current = draft;
    if (!typed) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [faults, draft]);
}
