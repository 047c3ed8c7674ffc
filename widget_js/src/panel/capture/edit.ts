/** The picture over the whole window: areas are dragged, pressed corner by corner, or set with the keys. */
import type { Words } from '../i18n';
import { between, isArea, within, type Area, type Point } from './areas';

/** Pixels of the picture an arrow key moves the cross; with Shift, one. */
const STEP = 16;

const NAME = 'page.png';

export function edit(root: ShadowRoot, words: Words, picture: ImageBitmap, most: number): Promise<File | null> {
  const dialog = make('dialog', { className: 'capture' });
  const canvas = make('canvas', { width: picture.width, height: picture.height, tabIndex: 0 });
  const undo = button(words.t('capture.undo'), 'secondary');
  const cancel = button(words.t('capture.cancel'), 'secondary');
  const attach = button(words.t('capture.attach'), 'primary');
  const heading = make('h2', { id: 'v-capture', textContent: words.t('capture.title'), tabIndex: -1 });
  const hint = make('p', { id: 'v-capture-hint', className: 'quiet', textContent: words.t('capture.hint') });
  const told = make('p', { className: 'hidden' });
  told.role = 'status';
  canvas.role = 'application';
  canvas.ariaLabel = words.t('capture.picture');
  canvas.setAttribute('aria-describedby', hint.id);
  dialog.setAttribute('aria-labelledby', heading.id);
  dialog.lang = words.language;
  dialog.dir = (root.querySelector('.panel') as HTMLElement).dir;
  const bar = make('div', { className: 'capture-bar' });
  bar.append(undo, cancel, attach);
  const stage = make('div', { className: 'capture-stage' });
  stage.append(canvas);
  const head = make('header', {});
  head.append(heading, hint);
  dialog.append(head, stage, told, bar);

  const pen = canvas.getContext('2d')!;
  const areas: Area[] = [];
  let corner: Point | null = null;
  let cross: Point = { x: picture.width / 2, y: picture.height / 2 };
  let keys = false;

  function draw(): void {
    pen.drawImage(picture, 0, 0);
    pen.fillStyle = '#000';
    for (const area of areas) pen.fillRect(area.x, area.y, area.width, area.height);
    undo.disabled = !areas.length;
  }

  /** What is being chosen is shown on the picture, and never becomes part of it. */
  function sketch(): void {
    draw();
    const line = Math.max(2, picture.width / 640);
    pen.lineWidth = line;
    if (corner) {
      const { x, y, width, height } = between(corner, cross);
      pen.fillStyle = '#0009';
      pen.fillRect(x, y, width, height);
    }
    if (!keys) return;
    for (const [colour, by] of [['#fff', line * 2], ['#000', line]] as const) {
      pen.strokeStyle = colour;
      pen.lineWidth = by;
      pen.beginPath();
      pen.moveTo(cross.x - STEP, cross.y);
      pen.lineTo(cross.x + STEP, cross.y);
      pen.moveTo(cross.x, cross.y - STEP);
      pen.lineTo(cross.x, cross.y + STEP);
      pen.stroke();
    }
  }

  function finish(): void {
    const area = between(corner!, cross);
    if (!isArea(area)) return;
    areas.push(area);
    corner = null;
    told.textContent = words.t('capture.areas', { count: areas.length });
  }

  function set(): void {
    if (corner) finish();
    else corner = cross;
  }

  const place = (event: PointerEvent): Point => {
    const box = canvas.getBoundingClientRect();
    const scale = picture.width / box.width;
    return within({ x: (event.clientX - box.left) * scale, y: (event.clientY - box.top) * scale }, picture);
  };

  canvas.onpointerdown = (event) => {
    keys = false;
    cross = place(event);
    canvas.setPointerCapture(event.pointerId);
    set(); // A second press sets the other corner.
    sketch();
  };
  canvas.onpointermove = (event) => {
    if (!corner || keys) return;
    cross = place(event);
    sketch();
  };
  canvas.onpointerup = (event) => {
    if (!corner) return;
    cross = place(event);
    finish();
    sketch();
  };
  canvas.onkeydown = (event) => {
    const by = event.shiftKey ? 1 : STEP;
    const ways: Record<string, Point> = { ArrowLeft: { x: -by, y: 0 }, ArrowRight: { x: by, y: 0 }, ArrowUp: { x: 0, y: -by }, ArrowDown: { x: 0, y: by } };
    const way = ways[event.key];
    if (way) cross = within({ x: cross.x + way.x, y: cross.y + way.y }, picture);
    else if (event.key === 'Enter' || event.key === ' ') set();
    else if (event.key === 'Backspace' || event.key === 'Delete') takeBack();
    else return;
    keys = true;
    event.preventDefault();
    sketch();
  };
  canvas.onblur = () => {
    keys = false;
    corner = null;
    draw();
  };
  function takeBack(): void {
    if (corner) corner = null;
    else areas.pop();
    told.textContent = words.t('capture.areas', { count: areas.length });
    draw();
  }
  undo.onclick = takeBack;

  return new Promise((resolve) => {
    const end = (file: File | null): void => {
      dialog.remove();
      resolve(file);
    };
    cancel.onclick = () => end(null);
    dialog.oncancel = (event) => {
      event.preventDefault();
      event.stopPropagation();
      if (corner) {
        corner = null;
        sketch();
      } else end(null);
    };
    attach.onclick = () => {
      corner = null;
      draw();
      void encode(canvas, most).then(end);
    };
    root.append(dialog);
    draw();
    dialog.showModal();
    heading.focus();
  });
}

/** As it is, else smaller than the site's limit at the price of some sharpness. */
async function encode(canvas: HTMLCanvasElement, most: number): Promise<File | null> {
  const sharp = await blob(canvas, 'image/png');
  if (sharp && sharp.size <= most) return new File([sharp], NAME, { type: sharp.type });
  const small = await blob(canvas, 'image/jpeg', 0.8);
  return small && new File([small], NAME.replace('png', 'jpg'), { type: small.type });
}

const blob = (canvas: HTMLCanvasElement, type: string, quality?: number): Promise<Blob | null> => new Promise((resolve) => canvas.toBlob(resolve, type, quality));

function make<Name extends keyof HTMLElementTagNameMap>(name: Name, values: Partial<HTMLElementTagNameMap[Name]>): HTMLElementTagNameMap[Name] {
  return Object.assign(document.createElement(name), values);
}

const button = (text: string, kind: string): HTMLButtonElement => make('button', { type: 'button', textContent: text, className: kind });
