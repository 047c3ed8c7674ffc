/** Brings the screens behind the list, once, and again if the network failed it. */
type Later = typeof import('./views/later');

/** Milliseconds before another try. */
const AGAIN = 3_000;

export function bringLater(root: ShadowRoot) {
  let pending: Promise<Later> | null = null;
  const state: { screens: Later | null; bring(): Promise<Later> } = {
    screens: null,
    bring() {
      pending ??= import('./views/later').then(
        (screens) => {
          root.adoptedStyleSheets = [...root.adoptedStyleSheets, screens.sheet];
          return (state.screens = screens);
        },
        () => {
          pending = null;
          return new Promise<void>((resolve) => setTimeout(resolve, AGAIN)).then(state.bring);
        },
      );
      return pending;
    },
  };
  return state;
}
