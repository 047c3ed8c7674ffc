/** One stroke set: 20 px, 1.75. */

const PATHS: Record<string, string> = {
  plus: 'M10 4v12M4 10h12',
  close: 'M5 5l10 10M15 5L5 15',
  back: 'M12 4l-6 6 6 6',
  clock: 'M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM10 6v4.2l2.7 1.6',
  check: 'M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM6.7 10.2l2.3 2.3 4.3-4.6',
  clip: 'M14.8 9.3l-5.3 5.3a3 3 0 0 1-4.3-4.3l6-6a2 2 0 0 1 2.9 2.9l-5.9 5.9a1 1 0 0 1-1.4-1.4L12 6.5',
  phone: 'M5 3h3l1.2 3.6-1.7 1.3a10 10 0 0 0 4.6 4.6l1.3-1.7L17 12v3a2 2 0 0 1-2.2 2A13 13 0 0 1 3 5.2 2 2 0 0 1 5 3z',
  mail: 'M2.5 5h15v10.5h-15zM3 5.5l7 5.5 7-5.5',
  chat: 'M3 4h14v9.5H9L5.5 17v-3.5H3z',
  warning: 'M10 3l7.5 13.5h-15zM10 8v4M10 14.3v.1',
  search: 'M9 3.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM13 13l4 4',
};

/** What later screens draw comes with them. */
export function addIcons(paths: Record<string, string>): void {
  Object.assign(PATHS, paths);
}

export function Icon({ name, size = 20 }: { name: string; size?: number }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" width={size} height={size} aria-hidden="true">
      <path d={PATHS[name] ?? PATHS.chat} />
    </svg>
  );
}

/** A ring filled as far as the work is: a state without relying on colour. */
export function Ring({ percent }: { percent: number }) {
  const round = 2 * Math.PI * 6;
  return (
    <svg class="icon ring" viewBox="0 0 20 20" width={20} height={20} aria-hidden="true">
      <circle cx="10" cy="10" r="6" opacity="0.3" />
      <circle cx="10" cy="10" r="6" stroke-dasharray={`${(round * Math.max(percent, 4)) / 100} ${round}`} transform="rotate(-90 10 10)" />
    </svg>
  );
}
