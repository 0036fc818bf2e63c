/**
 * The attributes of a change → the lines of a `diff` block: what goes with `-`, what comes with `+`, both in the
 * first column so that they are coloured. Words and cuts are those of the terminal.
 */
import type { Attribute } from '../attributes.ts';
import { type Line, lineText, type Span } from '../spans.ts';

/** How lines without a style of their own begin: a new batch is all `+`, one that goes is all `-`. */
export type Mark = '+' | '-' | ' ';

export function diffLines(attribute: Attribute, mark: Mark): string[] {
  const [first, ...more] = attribute.lines.map((spans) => marked(spans, mark));
  if (first === undefined) return [];
  if (more.length === 0) return first.map((one) => `${one.mark} ${attribute.name}: ${one.text.trimStart()}`);
  return [
    `${mark} ${attribute.name}:`,
    ...[first, ...more].flat().map((one) => `${one.mark}   ${one.text}`.trimEnd()),
  ];
}

interface Marked {
  readonly mark: Mark;
  readonly text: string;
}

function marked(spans: Line, mark: Mark): Marked[] {
  const old = spans.filter((span) => span.style === 'red');
  const now = spans.filter((span) => span.style === 'green');
  const lead = leadOf(spans, mark);
  if (old.length + now.length === 0) {
    const text = lineText(spans.filter((span, index) => index > 0 || isStyled(span)));
    // What stays has room for a mark, too.
    const hasRoom = lead === INDENT || spans[0]?.style === 'dim';
    return [{ mark, text: lead + (hasRoom ? text.replace(/^ {2}/, '') : text) }];
  }
  // Of a scalar the arrow tells the sides apart; lines of lists and texts bear a mark, which goes to the margin.
  const isScalar = spans.some(isArrow) || spans.some((span) => span.text === BEFORE_ARROW);
  const side = (own: Line, sign: Mark): Marked[] => {
    const text = isScalar ? lineText(own) : lineText(own).replace(/^[-+] /, '');
    return own.length === 0 ? [] : [{ mark: sign, text: lead + text }];
  };
  return [...side(old, '-'), ...side(now, '+')];
}

/** Room that the old value leaves for the arrow before the new one, on the next line. */
const BEFORE_ARROW = '   ';
const INDENT = '  ';

function isArrow(span: Span): boolean {
  return span.text === '->' && span.style === 'yellow';
}

function isStyled(span: Span): boolean {
  return span.style !== undefined;
}

/** What is before a line's value: its indentation, or the name of a param (`~` is no mark of diffs). */
function leadOf([first]: Line, mark: Mark): string {
  if (first === undefined || isStyled(first) || first.text === BEFORE_ARROW) return '';
  return mark === ' ' ? first.text.replace(/^~ /, '') : first.text;
}
