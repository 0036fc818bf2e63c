/**
 * Markup as a value of its own: the one place where text becomes HTML. What is put into a template is made safe for
 * reading (`safeText`) and escaped, unless it is markup already.
 */
import { safeText } from '../../model/safe-text.ts';

export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

export type Content = Html | string | number | null | readonly Content[];

/** html`<p>${anything}</p>`: the literal parts are ours, everything between them is escaped. */
export function html(literals: TemplateStringsArray, ...contents: readonly Content[]): Html {
  let markup = literals[0] ?? '';
  for (const [index, content] of contents.entries()) markup += render(content) + literals[index + 1];
  return new Html(markup);
}

/** A style sheet of ours: nothing of it comes from outside. */
export function styleElement(css: string): Html {
  return new Html(`<style>${css}</style>`);
}

function render(content: Content): string {
  if (content === null) return '';
  if (content instanceof Html) return content.markup;
  if (Array.isArray(content)) return content.map(render).join('');
  return escaped(safeText(String(content)));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
