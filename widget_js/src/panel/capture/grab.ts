/** One picture of what the person chose to show, and nothing running afterwards. */

/** What lib.dom does not know yet: the browser offers this tab first. */
type Wish = DisplayMediaStreamOptions & { preferCurrentTab?: boolean; selfBrowserSurface?: 'include' };

/**
 * Ask the browser, which asks the person, and return the picture. `hide` is called with true while
 * it is taken, so that the window itself is not on it. Rejects if the person or a policy says no.
 */
export async function grab(hide: (hidden: boolean) => void): Promise<ImageBitmap> {
  const wish: Wish = { video: true, audio: false, preferCurrentTab: true, selfBrowserSurface: 'include' };
  const stream = await navigator.mediaDevices.getDisplayMedia(wish);
  const video = document.createElement('video');
  try {
    hide(true);
    video.muted = true;
    video.srcObject = stream;
    await video.play();
    // The first frames may still show the window: two more are drawn without it.
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

const drawn = (video: HTMLVideoElement): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, STILL);
    video.requestVideoFrameCallback?.(() => {
      clearTimeout(timer);
      resolve();
    });
  });
