/** What people wrote, as elements: text nodes and links we build, never HTML. */
import type { ComponentChildren } from 'preact';
import { h } from 'preact';
import type { Node } from './types';

const TAGS: Record<string, string> = { h: 'h4' };
const ALLOWED = new Set('p br strong em del code pre blockquote ul ol li a h'.split(' '));
const SAFE = /^(https?|mailto|tel):/i;

/** A link that opens apart from the host page; anything but a plain address stays text. */
function link(href: string, children: ComponentChildren): ComponentChildren {
  return SAFE.test(href) ? (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  ) : (
    children
  );
}

/** Plain text with its addresses made links, a last bracket only if it was opened there; line breaks are kept by CSS. */
export function linkified(text: string): ComponentChildren[] {
  return text.split(/(https?:\/\/(?:[^\s<>"]*\([^\s<>"()]*\)(?:[^\s<>"]*[^\s<>".,;:!?)'\]])?|[^\s<>"]*[^\s<>".,;:!?)'\]]))/g).map((part, at) => (at % 2 ? link(part, part) : part));
}

/** The server's Markdown tree as elements. */
export function tree(nodes: Node[]): ComponentChildren[] {
  return nodes.map((node) => {
    if (typeof node === 'string') return node;
    const [tag, attributes, ...children] = node;
    if (!ALLOWED.has(tag)) return tree(children);
    if (tag === 'br') return <br />;
    if (tag === 'a') return link(String(attributes?.href ?? ''), tree(children));
    const start = tag === 'ol' ? Number(attributes?.start) || undefined : undefined;
    return h(TAGS[tag] ?? tag, start ? { start } : null, tree(children));
  });
}
