/** The attributes of a block, on its card: in full, what is long folded. */
import type { Attribute } from '../attributes.ts';
import { counted } from '../phrases.ts';
import type { Line } from '../spans.ts';
import type { BlockAttribute } from './block-attributes.ts';
import { type Html, html } from './html.ts';

/** Values of an attribute, and rows of a list, that are open before the others are folded. */
const VARIANTS = 3;
const ROWS = 4;

export function attributeRow({ name, variants }: BlockAttribute): Html {
  const drawn = variants.map((variant) => {
    const whose = variant.of === null ? null : html`<div class="of">${variant.of}</div>`;
    return html`${whose}${name === 'target' ? targets(variant.attribute) : value(variant.attribute)}`;
  });
  const rest = drawn.slice(VARIANTS);
  const more =
    rest.length === 0
      ? null
      : fold(
          `${counted(rest.length, `more value of ${name}`, `more values of ${name}`)}, of other batches`,
          rest,
        );
  return html`<div><dt>${name}</dt><dd>${drawn.slice(0, VARIANTS)}${more}</dd></div>`;
}

function value({ name, lines, isProse }: Attribute): Html {
  const kind = isProse === true ? 'prose' : name === 'params' ? 'line code' : 'line';
  const drawn = lines.map((spans) => html`<div class="${kind}">${styled(spans)}</div>`);
  return html`${folded(lines, drawn)}`;
}

function targets({ lines }: Attribute): Html {
  if (lines.length === 1) return html`${styled(lines[0]!)}`;
  return listed(
    lines.map((spans) => html`<li>${styled(spans)}</li>`),
    'more targets',
  );
}

/** The first few of a list, and the others folded; `more`: what they are. */
export function listed(rows: readonly Html[], more: string): Html {
  const rest = rows.length > ROWS + 1 ? rows.slice(ROWS) : [];
  const open = html`<ul class="targets">${rows.slice(0, rows.length - rest.length)}</ul>`;
  return rest.length === 0
    ? open
    : html`${open}${fold(`${rest.length} ${more}`, [html`<ul class="targets">${rest}</ul>`])}`;
}

function fold(summary: string, contents: readonly Html[]): Html {
  return html`<details><summary>${summary}</summary>${contents}</details>`;
}

/** Lines in a row that neither come nor go, before their middle is folded; and what stays open of them at both ends. */
const LONGEST_RUN = 24;
const OPEN_ENDS = 8;

/** Nothing is left out: what is long can be opened. What comes or goes is never folded. */
function folded(lines: readonly Line[], drawn: readonly Html[]): Html[] {
  const parts: Html[] = [];
  let at = 0;
  while (at < lines.length) {
    let end = at;
    while (end < lines.length && isCalm(lines[end]!)) end++;
    if (end - at > LONGEST_RUN) {
      const middle = drawn.slice(at + OPEN_ENDS, end - OPEN_ENDS);
      parts.push(
        ...drawn.slice(at, at + OPEN_ENDS),
        html`<details><summary>${middle.length} more lines</summary>${middle}</details>`,
        ...drawn.slice(end - OPEN_ENDS, end),
      );
    } else parts.push(...drawn.slice(at, end));
    if (end < lines.length) parts.push(drawn[end]!);
    at = end + 1;
  }
  return parts;
}

function isCalm(spans: Line): boolean {
  return spans.every(({ style }) => style === undefined || style === 'dim');
}

/** Colour alone says nothing: what goes is deleted, what comes is inserted, also for those who hear it. */
function styled(spans: Line): Html[] {
  return spans.map(({ text, style }) => {
    if (text.trim() === '->')
      return html` <span aria-hidden="true">→</span><span class="sr"> becomes </span> `;
    if (style === 'red') return html`<del>${text}</del>`;
    if (style === 'green') return html`<ins>${text}</ins>`;
    return style === undefined ? html`${text}` : html`<span class="quiet">${text}</span>`;
  });
}
