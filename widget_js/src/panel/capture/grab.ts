/** One picture of what the person chose to show, and nothing running afterwards. */

/** What lib.dom does not know yet: the browser offers this tab first. */
type Wish = DisplayMediaStreamOptions & { preferCurrentTab?: boolean; selfBrowserSurface?: 'include' };

type Pixel = readonly [number, number, number];

/**
 * Ask the browser, which asks the person, and return the picture. The window hides and is not on
 * it: a mark is shown in the page's corner as the window goes, and once the mark has been seen to
 * come and to go, so has the window. No wait would do: how far a stream lags behind its page, nobody
 * tells. Rejects if the person or a policy says no.
 */
export async function grab(root: ShadowRoot): Promise<ImageBitmap> {
  const wish: Wish = { video: true, audio: false, preferCurrentTab: true, selfBrowserSurface: 'include' };
  const stream = await navigator.mediaDevices.getDisplayMedia(wish);
  const video = document.createElement('video');
  const mark = document.createElement('i');
  // A frame may be dropped, and of a page on which nothing moves there is no other: the mark moves.
  const moving = setInterval(() => mark.classList.toggle('wide'), STILL / 2);
  try {
    mark.popover = 'manual';
    mark.className = 'capture-mark';
    root.append(mark);
    mark.showPopover?.();
    video.muted = true;
    video.srcObject = stream;
    await video.play();
    await drawn(video);
    const wanted = corner(video).map((each) => (each > 127 ? 0 : 255));
    const isMarked = () => corner(video).every((each, at) => Math.abs(each - wanted[at]!) < NEAR);
    mark.style.background = `rgb(${wanted})`;
    root.host.toggleAttribute('unseen', true);
    // Somebody may show another window, on which there is nothing of ours.
    if (await until(video, isMarked)) {
      mark.style.background = '';
      await until(video, () => !isMarked());
    }
    return await createImageBitmap(video);
  } finally {
    clearInterval(moving);
    mark.remove();
    root.host.toggleAttribute('unseen', false);
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}

/** How far a colour may be from the one that was asked for: a stream is not exact. */
const NEAR = 60;

/** Pixels of the page from its corner to the middle of the mark. */
const MIDDLE = 8;

/** Milliseconds after which what was not seen is not on this stream. */
const PATIENCE = 3_000;

/** Milliseconds after which a page on which nothing moves sends no further frame. */
const STILL = 250;

/** The colour where the mark stands. */
function corner(video: HTMLVideoElement): Pixel {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const pen = canvas.getContext('2d')!;
  const x = (MIDDLE * video.videoWidth) / innerWidth;
  const y = (MIDDLE * video.videoHeight) / innerHeight;
  pen.drawImage(video, x, y, 1, 1, 0, 0, 1, 1);
  const [red, green, blue] = pen.getImageData(0, 0, 1, 1).data;
  return [red!, green!, blue!];
}

async function until(video: HTMLVideoElement, is: () => boolean): Promise<boolean> {
  for (const end = performance.now() + PATIENCE; !is(); await drawn(video)) {
    if (performance.now() > end) return false;
  }
  return true;
}

const drawn = (video: HTMLVideoElement): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, STILL);
    video.requestVideoFrameCallback?.(() => {
      clearTimeout(timer);
      resolve();
    });
  });
