/** Files: added by button, drop or paste; each with its progress, or the reason it was refused. */
import { useContext, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Needed } from '../context';
import { Icon } from '../icons';
import type { Upload } from '../state';
import type { Attachment } from '../types';
import type { Where } from '../uploads';

export function AddFiles({ where, files, compact }: { where: Where; files: Upload[]; compact?: boolean }) {
  const { site, words, actions, root } = useContext(Needed);
  const input = useRef<HTMLInputElement>(null);
  const [failed, fail] = useState('');
  const picture = (): void => {
    fail('');
    void import('../capture')
      .then(({ capture }) => capture(root, words, site.limits.file_bytes))
      .then(
        (file) => file && actions.uploads.add(where, [file]),
        // Whoever changed their mind knows; anybody else has the other ways to send a picture.
        (error) => error.name !== 'NotAllowedError' && fail(words.t(error.name === 'TypeError' ? 'error.offline' : 'file.uncaptured')),
      );
  };
  const good = files.filter((file) => !file.problem).length;
  const label = words.t('file.add');
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={site.limits.accept.join(',')}
        onChange={(event) => {
          actions.uploads.add(where, [...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = '';
        }}
      />
      <button
        type="button"
        class={compact ? 'plain' : 'secondary dashed wide'}
        aria-label={compact ? label : undefined}
        onClick={() => input.current!.click()}
      >
        <Icon name="clip" />
        {!compact && (
          <>
            {label}
            <span class="quiet tabular">{words.t('file.count', { count: good, most: site.limits.files })}</span>
          </>
        )}
      </button>
      {!!navigator.mediaDevices?.getDisplayMedia && (
        <button type="button" class={compact ? 'plain' : 'secondary dashed wide'} aria-label={compact ? words.t('file.capture') : undefined} onClick={picture}>
          <Icon name="image" />
          {!compact && words.t('file.capture')}
        </button>
      )}
      {failed && (
        <span class="fault" role="alert">
          {failed}
        </span>
      )}
    </>
  );
}

export function Uploads({ where, files }: { where: Where; files: Upload[] }) {
  const { words, actions } = useContext(Needed);
  if (!files.length) return null;
  return (
    <ul class="uploads" aria-live="polite">
      {files.map((file) => (
        <li key={file.key} class={file.problem ? 'upload refused' : 'upload'}>
          {file.picture && !file.problem ? <Picture of={file.picture} /> : <Icon name={file.problem ? 'warning' : 'clip'} />}
          <span class="upload-facts">
            <span class="clip">
              <bdi>{file.name}</bdi>
            </span>
            {file.problem ? (
              <span class="fault">{file.problem}</span>
            ) : file.id ? (
              <span class="quiet">{words.bytes(file.size)}</span>
            ) : (
              <progress max={1} value={file.share} aria-label={words.t('file.sending', { name: file.name })} />
            )}
          </span>
          <button type="button" class="plain" onClick={() => actions.uploads.remove(where, file.key)} aria-label={words.t('file.remove', { name: file.name })}>
            <Icon name="close" size={16} />
          </button>
        </li>
      ))}
    </ul>
  );
}

function Picture({ of }: { of: ImageBitmap }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const side = Math.min(of.width, of.height);
    canvas.current!.getContext('2d')?.drawImage(of, (of.width - side) / 2, (of.height - side) / 2, side, side, 0, 0, 80, 80);
  }, [of]);
  return <canvas ref={canvas} class="thumb" width={80} height={80} aria-hidden="true" />;
}

export function Attached({ files }: { files: Attachment[] }) {
  const { words } = useContext(Needed);
  if (!files.length) return null;
  return (
    <ul class="attached">
      {files.map((file) => (
        <li key={file.id}>
          <a href={file.url} download={file.name} class={file.preview_url ? 'picture' : 'file'} title={file.name}>
            {file.preview_url ? <img src={file.preview_url} alt={file.name} loading="lazy" /> : <Icon name={file.kind} />}
            <span class="file-facts">
              <span class="clip">
                <bdi>{file.name}</bdi>
              </span>
              <span class="quiet">{words.bytes(file.size)}</span>
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}
