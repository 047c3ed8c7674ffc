/* What somebody would stumble over on what a page shows now, in it and in its shadow roots. */
(() => {
  const TARGETS = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
  /* Places that may scroll sideways: tables, code, a row of places on a phone. */
  const SIDEWAYS = 'pre, .scrolling, .figure-table, .places, .copied pre';

  function* all(root = document) {
    for (const node of root.querySelectorAll('*')) {
      yield node;
      if (node.shadowRoot) yield* all(node.shadowRoot);
    }
  }
  const parentOf = (node) => node.parentElement ?? node.getRootNode().host ?? null;
  const around = (node, test) => {
    for (let each = node; each; each = parentOf(each)) if (test(each)) return each;
    return null;
  };
  const hidden = (node) => {
    const { width, height } = node.getBoundingClientRect();
    return width <= 1 || height <= 1 || !node.checkVisibility({ visibilityProperty: true })
      || around(node, (each) => getComputedStyle(each).clipPath !== 'none') !== null;
  };
  const name = (node) => `${node.tagName.toLowerCase()}${node.id && `#${node.id}`}.${[...node.classList].join('.')} "${(node.textContent || node.getAttribute('aria-label') || '').trim().slice(0, 40)}"`;
  /* On a host's page only what is ours. */
  const ours = () => (document.querySelector('ventanilla-widget') ? (node) => node.getRootNode() !== document : () => true);
  const shown = () => [...all()].filter(ours()).filter((node) => node instanceof HTMLElement && !hidden(node));

  window.senses = {
    /* Text that does not fit where it stands, unless it is meant to end in dots. */
    clipped() {
      return shown().filter((node) => {
        if (!node.matches('button, a, h1, h2, h3, h4, label, legend, summary, th, dt, .state, .badge, .button, .fault, .hint, .quiet')) return false;
        const style = getComputedStyle(node);
        const meant = (each) => getComputedStyle(each).textOverflow === 'ellipsis' || getComputedStyle(each).webkitLineClamp !== 'none';
        if (style.display === 'inline' || around(node, meant) || [...node.querySelectorAll('*')].some(meant)) return false;
        // What reaches further than what is seen is there for fingers.
        if (node.closest(SIDEWAYS) || getComputedStyle(node, '::before').position === 'absolute') return false;
        return node.scrollWidth > node.clientWidth + 1 || (style.overflowY !== 'visible' && node.scrollHeight > node.clientHeight + 1);
      }).map(name);
    },
    /* What needs scrolling in two directions, or lies beside the page. */
    beside() {
      const edge = Math.max(...(document.querySelector('ventanilla-widget') ? shown().filter((node) => node.matches('.panel')).map((node) => node.getBoundingClientRect().right) : [document.documentElement.scrollWidth]));
      const wide = edge > innerWidth + 1 ? [`page ${edge}`] : [];
      return wide.concat(shown().filter((node) => {
        const style = getComputedStyle(node);
        if (node.closest(SIDEWAYS)) return false;
        return /auto|scroll/.test(style.overflowX) && node.scrollWidth > node.clientWidth + 1 && !node.matches('textarea, select, input');
      }).map((node) => `${name(node)} by ${[...node.querySelectorAll('*')].filter((each) => each.getBoundingClientRect().width > node.clientWidth).map((each) => each.className || each.tagName).join(', ')}`));
    },
    /* Two words on top of each other within one line of controls. */
    overlapping() {
      const found = [];
      for (const node of shown().filter((each) => each.matches(TARGETS))) {
        const next = node.nextElementSibling;
        if (!next || !next.matches(TARGETS) || hidden(next)) continue;
        if ([node, next].some((each) => ['absolute', 'fixed'].includes(getComputedStyle(each).position) || getComputedStyle(each).opacity === '0' || getComputedStyle(each).display === 'inline')) continue;
        const [a, b] = [node.getBoundingClientRect(), next.getBoundingClientRect()];
        if (a.left + 1 < b.right && b.left + 1 < a.right && a.top + 1 < b.bottom && b.top + 1 < a.bottom) found.push(`${name(node)} and ${name(next)}`);
      }
      return found;
    },
    /* Targets smaller than `least`; links within a sentence and what a label covers may be. */
    small(least) {
      return shown().filter((node) => {
        if (!node.matches(TARGETS) || node.matches('[tabindex="0"]') || node.disabled) return false;
        const style = getComputedStyle(node);
        if (node.matches('a') && style.display === 'inline') return false;
        const covers = node.closest('label') ?? node;
        const boxes = [node, covers].map((each) => each.getBoundingClientRect());
        const before = getComputedStyle(node, '::before');
        const more = before.position === 'absolute' && before.content !== 'none' ? -2 * parseFloat(before.insetBlockStart || '0') : 0;
        return !boxes.some(({ width, height }) => width >= Math.min(least, 24) && height + more >= least - 0.5);
      }).map((node) => `${name(node)} ${Math.round(node.getBoundingClientRect().width)}x${Math.round(node.getBoundingClientRect().height)}`);
    },
    /* Where the keyboard is, and whether one sees it. */
    focused() {
      let node = document.activeElement;
      while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
      if (!node || node === document.body || node.tagName === 'IFRAME') return null; // A page within shows its own.
      const ring = (each) => { const s = getComputedStyle(each); return s.outlineStyle === 'auto' || (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 && s.outlineColor !== 'rgba(0, 0, 0, 0)'); };
      const bordered = node.matches('textarea') && node.closest('.composer:focus-within') !== null;
      const seen = bordered || [node, node.closest('label'), node.nextElementSibling, node.parentElement].some((each) => each && ring(each));
      const { left, top, right, bottom } = (node.closest('label') ?? node).getBoundingClientRect();
      const inside = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]].some(([x, y]) => {
        let hit = document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y);
        while (hit?.shadowRoot) { const in_ = hit.shadowRoot.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y); if (!in_ || in_ === hit) break; hit = in_; }
        return hit && around(hit, (each) => each === node || each === node.closest('label'));
      });
      return { name: name(node), seen, inside, key: (node.dataset.stop ??= String((window.stops = (window.stops ?? 0) + 1))) };
    },
    /* Every text gets accents and is 40 % longer, as other languages are. */
    stretch() {
      const marks = { a: 'å', e: 'é', i: 'ï', o: 'ø', u: 'ü', n: 'ñ', A: 'Å', E: 'É', O: 'Ø', s: 'š', c: 'ç' };
      const longer = (text) => text.replace(/[aeiounscAEO]/g, (letter) => marks[letter]) + ' ' + 'ønè twö thrëe four fivé sïx sevén'.slice(0, Math.ceil(text.trim().length * 0.4));
      const kept = (window.sensesKept = []);
      for (const node of [...all()]) {
        if (['SCRIPT', 'STYLE', 'TEXTAREA', 'CODE', 'OPTION', 'TIME', 'svg'].includes(node.tagName) || node.closest('svg, code, pre, time, .launch, [aria-hidden=true]')) continue;
        for (const child of node.childNodes) if (child.nodeType === 3 && /\p{L}{2}/u.test(child.data)) {
          kept.push([child, child.data]);
          child.data = longer(child.data.trimEnd());
        }
      }
    },
    relax() {
      for (const [node, text] of window.sensesKept) node.data = text;
    },
    /* Text twice as large, as a browser's own setting does it. */
    enlarge() {
      const sizes = [...all()].filter((node) => node instanceof HTMLElement).map((node) => [node, parseFloat(getComputedStyle(node).fontSize)]);
      for (const [node, size] of sizes) node.style.fontSize = `${size * 2}px`;
    },
    shrink() {
      for (const node of all()) if (node instanceof HTMLElement) node.style.fontSize = '';
    },
    mirror(way) {
      document.documentElement.dir = way;
      for (const node of all()) if (node.matches?.('.panel, .frame[dir]')) node.dir = way;
    },
  };
})();
