import { useLayoutEffect, useRef } from 'preact/hooks';

/** A text area that grows with what is written, to six lines. */
export function Growing(props: {
  value: string;
  label: string;
  rows: number;
  least?: number;
  describedBy?: string | undefined;
  invalid?: boolean;
  locked?: boolean;
  id?: string;
  placeholder?: string;
  onInput(value: string): void;
  onSubmit?(): void;
  onFiles?(files: File[]): void;
}) {
  const area = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const node = area.current!;
    node.style.height = 'auto';
    const { least = 1, rows } = props;
    node.style.height = `${Math.min(Math.max(node.scrollHeight + 2, least * 24 + 20), rows * 24 + 20)}px`;
  }, [props.value]);
  return (
    <textarea
      ref={area}
      id={props.id}
      dir="auto"
      readOnly={props.locked}
      rows={props.least ?? 1}
      value={props.value}
      placeholder={props.placeholder}
      aria-label={props.label}
      aria-describedby={props.describedBy}
      aria-invalid={props.invalid ? 'true' : undefined}
      onInput={(event) => props.onInput(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          props.onSubmit?.();
        }
      }}
      onPaste={(event) => {
        const files = [...(event.clipboardData?.files ?? [])];
        if (files.length && props.onFiles) {
          // A table comes with a picture of itself: its text is pasted all the same.
          if (!event.clipboardData!.getData('text/plain')) event.preventDefault();
          props.onFiles(files);
        }
      }}
    />
  );
}
