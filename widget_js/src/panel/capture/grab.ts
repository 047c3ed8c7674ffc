/** One picture of what the person chose to show, and nothing running afterwards. */

/** What lib.dom does not know yet: the browser offers this tab first. */
type Wish = DisplayMediaStreamOptions & { preferCurrentTab?: boolean; selfBrowserSurface?: 'include' };

export const canGrab = (): boolean => !!navigator.mediaDevices?.getDisplayMedia;

/**
 * Ask the browser, which asks the person, and return the picture. `hide` is called with true while
 * it is taken, so that the window itself is not on it. Rejects if the person or a policy says no.
 */
export async function grab(hide: (hidden: boolean) => void): Promise<ImageBitmap> {
  const wish: Wish = { video: true, audio: false, preferCurrentTab: true, selfBrowserSurface: 'include' };
  const stream = await navigator.mediaDevices.getDisplayMedia(wish);
  const video = document.createElement('video');
  try {
    video.muted = true;
    video.srcObject = stream;
    // A page on which nothing moves sends its picture only once: it is there before anything changes.
    await video.play();
    hide(true);
    await painted();
    // The first frames may still show the window as it was.
    for (let frame = 0; frame < 3; frame++) await drawn(video);
    return await createImageBitmap(video);
  } finally {
    hide(false);
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}

/** Milliseconds after which a page on which nothing moves sends no further frame. */
const STILL = 250;

/** Milliseconds after which a page is not waited for: nobody sees it, so nothing of it is painted. */
const UNSEEN = 1000;

/** Resolves once the page has been painted as it is now. */
const painted = (): Promise<unknown> =>
  new Promise((resolve) => {
    setTimeout(resolve, UNSEEN);
    requestAnimationFrame(() => requestAnimationFrame(resolve));
  });

const drawn = (video: HTMLVideoElement): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, STILL);
    video.requestVideoFrameCallback?.(() => {
      clearTimeout(timer);
      resolve();
    });
  });
