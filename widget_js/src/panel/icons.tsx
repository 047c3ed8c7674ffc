/** One stroke set: 20 px, 1.75. */

const PATHS = {
  plus: 'M10 4v12M4 10h12',
  close: 'M5 5l10 10M15 5L5 15',
  back: 'M12 4l-6 6 6 6',
  next: 'M8 4l6 6-6 6',
  clock: 'M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM10 6v4.2l2.7 1.6',
  check: 'M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM6.7 10.2l2.3 2.3 4.3-4.6',
  clip: 'M14.8 9.3l-5.3 5.3a3 3 0 0 1-4.3-4.3l6-6a2 2 0 0 1 2.9 2.9l-5.9 5.9a1 1 0 0 1-1.4-1.4L12 6.5',
  send: 'M3 10l14-6.5-4.6 13L10 11zM10 11l3-3',
  mail: 'M2.5 5h15v10.5h-15zM3 5.5l7 5.5 7-5.5',
  phone: 'M5 3h2.6l1.2 3.6L7 8a9 9 0 0 0 5 5l1.4-1.8L17 12.4V15c0 1.2-.8 2-2 2A12 12 0 0 1 3 5c0-1.2.8-2 2-2z',
  bug: 'M7 7.5a3 3 0 0 1 6 0M6 8h8v4.5a4 4 0 0 1-8 0zM10 8v8M3 7l3 2M17 7l-3 2M2.5 12H6M14 12h3.5M3.5 16.5l2.8-2M16.5 16.5l-2.8-2',
  plug: 'M7 2.5v4M13 2.5v4M5 6.5h10V10a5 5 0 0 1-10 0zM10 15v3',
  wrench: 'M16.8 5.2l-2.6 2.6-2-2 2.6-2.6a4.5 4.5 0 0 0-5.9 5.9L3.4 14.6a1.4 1.4 0 0 0 2 2l5.5-5.5a4.5 4.5 0 0 0 5.9-5.9z',
  box: 'M3 6.5L10 3l7 3.5v7L10 17l-7-3.5zM3 6.5L10 10l7-3.5M10 10v7',
  chat: 'M3 4h14v9.5H9L5.5 17v-3.5H3z',
  card: 'M2.5 5h15v10h-15zM2.5 8.5h15M5 12h3',
  info: 'M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM10 9v4.5M10 6.4v.1',
  warning: 'M10 3l7.5 13.5h-15zM10 8v4M10 14.3v.1',
  image: 'M3 4h14v12H3zM3 13.5l4-4 3.5 3.5 2.5-2.5 4 4M12.5 7.5h.1',
  pdf: 'M5 2.5h7L15.5 6v11.5H5zM12 2.5V6h3.5M7.5 13h5M7.5 10h5',
  word: 'M5 2.5h7L15.5 6v11.5H5zM12 2.5V6h3.5M7.5 9.5l1.2 5 1.4-4 1.4 4 1.2-5',
  archive: 'M5 2.5h10v15H5zM10 2.5v2M10 6v2M10 9.5v2M8.8 13h2.4v2H8.8z',
  bell: 'M5 13.5V9a5 5 0 0 1 10 0v4.5l1.5 1h-13zM8.3 16.5a1.8 1.8 0 0 0 3.4 0',
  search: 'M9 3.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM13 13l4 4',
  lock: 'M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9',
  undo: 'M4 8h8a4 4 0 0 1 0 8H8M4 8l3.5-3.5M4 8l3.5 3.5',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 20 }: { name: string; size?: number }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" width={size} height={size} aria-hidden="true">
      <path d={PATHS[name as IconName] ?? PATHS.chat} />
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
