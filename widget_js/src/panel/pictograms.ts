/** The icons of the later screens: categories, kinds of files, and what one does there. */
export const pictograms: Record<string, string> = {
  next: 'M8 4l6 6-6 6',
  circle: 'M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15z',
  send: 'M3 10l14-6.5-4.6 13L10 11zM10 11l3-3',
  bug: 'M7 7.5a3 3 0 0 1 6 0M6 8h8v4.5a4 4 0 0 1-8 0zM10 8v8M3 7l3 2M17 7l-3 2M2.5 12H6M14 12h3.5M3.5 16.5l2.8-2M16.5 16.5l-2.8-2',
  plug: 'M7 2.5v4M13 2.5v4M5 6.5h10V10a5 5 0 0 1-10 0zM10 15v3',
  wrench: 'M16.8 5.2l-2.6 2.6-2-2 2.6-2.6a4.5 4.5 0 0 0-5.9 5.9L3.4 14.6a1.4 1.4 0 0 0 2 2l5.5-5.5a4.5 4.5 0 0 0 5.9-5.9z',
  box: 'M3 6.5L10 3l7 3.5v7L10 17l-7-3.5zM3 6.5L10 10l7-3.5M10 10v7',
  card: 'M2.5 5h15v10h-15zM2.5 8.5h15M5 12h3',
  info: 'M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM10 9v4.5M10 6.4v.1',
  image: 'M3 4h14v12H3zM3 13.5l4-4 3.5 3.5 2.5-2.5 4 4M12.5 7.5h.1',
  pdf: 'M5 2.5h7L15.5 6v11.5H5zM12 2.5V6h3.5M7.5 13h5M7.5 10h5',
  word: 'M5 2.5h7L15.5 6v11.5H5zM12 2.5V6h3.5M7.5 9.5l1.2 5 1.4-4 1.4 4 1.2-5',
  archive: 'M5 2.5h10v15H5zM10 2.5v2M10 6v2M10 9.5v2M8.8 13h2.4v2H8.8z',
  undo: 'M4 8h8a4 4 0 0 1 0 8H8M4 8l3.5-3.5M4 8l3.5 3.5',
};
