/** The changes of a plan, on a page: by action, the most harmful first, each with what it does in full. */
import type { Action, Change, Plan } from '../../model/plan.ts';
import { ACTION_LOOKS, concernedBatches } from '../actions.ts';
import type { Attribute, AttributeContext } from '../attributes.ts';
import { changeAttributes } from '../change-attributes.ts';
import { counted } from '../phrases.ts';
import type { Line } from '../spans.ts';
import { type Html, html } from './html.ts';

/** Before what is left over is folded. */
const OPEN = 40;

const GROUPS: readonly {
  readonly actions: readonly Action[];
  readonly tone: string;
  readonly words: string;
}[] = [
  { actions: ['cancel'], tone: 'remove', words: 'to cancel' },
  { actions: ['replace'], tone: 'change', words: 'to replace' },
  { actions: ['create'], tone: 'add', words: 'to create' },
  { actions: ['pause', 'resume'], tone: 'change', words: 'to pause or resume' },
  { actions: ['adopt'], tone: 'adopt', words: 'to adopt' },
  { actions: ['missed'], tone: 'bad', words: 'missed' },
];

/** The id of each change's block, by its place in the plan. */
export function changeAnchor(index: number): string {
  return `c${index + 1}`;
}

export function changesSection(plan: Plan, context: AttributeContext): Html | null {
  const numbered = plan.changes.map((change, index) => ({ change, id: changeAnchor(index) }));
  const groups = GROUPS.flatMap(({ actions, tone, words }) => {
    const some = numbered.filter(({ change }) => actions.includes(change.action));
    if (some.length === 0) return [];
    const blocks = some.map(({ change, id }) => block(change, id, tone, context));
    const rest = blocks.slice(OPEN);
    return [
      html`<section class="group ${tone}"><h3>${some.length} ${words}<span class="quiet">, ${tasksText(some.map(({ change }) => change))}</span></h3>
<div class="blocks">${blocks.slice(0, OPEN)}</div>
${rest.length === 0 ? null : html`<details><summary>${rest.length} more ${words}</summary><div class="blocks">${rest}</div></details>`}</section>`,
    ];
  });
  const moves = plan.moves.map(
    ({ from, to }) => html`<li><code>${from}</code> moves to <code>${to}</code></li>`,
  );
  if (groups.length + moves.length === 0) return null;
  return html`<section aria-labelledby="changes-title"><h2 id="changes-title">Changes</h2>
${groups}
${moves.length === 0 ? null : html`<section class="group"><h3>${moves.length} to move</h3><ul>${moves}</ul></section>`}</section>`;
}

/** What stays, and what is forgotten: one line each, folded. */
export function unchangedSection(plan: Plan): Html | null {
  const rows = plan.changes.flatMap((change, index) => {
    if (change.action !== 'no-op' && change.action !== 'forget') return [];
    const verb = change.action === 'forget' ? 'will be forgotten: ' : '';
    const about = concernedBatches([change]);
    return [
      html`<li id="${changeAnchor(index)}"><code>${change.address}</code> <span class="quiet">${verb}${change.reason}${about === '' ? '' : `, ${about}`}</span></li>`,
    ];
  });
  if (rows.length === 0) return null;
  return html`<section><details><summary>${counted(rows.length, 'batch', 'batches')} unchanged or over</summary><ul class="plain">${rows}</ul></details></section>`;
}

function block(change: Change, id: string, tone: string, context: AttributeContext): Html {
  const { symbol, verb } = ACTION_LOOKS[change.action];
  const about = concernedBatches([change]);
  return html`<article class="block ${tone}" id="${id}"><h4><b aria-hidden="true">${symbol}</b> <code>${change.address}</code> <span class="quiet">${verb}${about === '' ? '' : ` (${about})`}</span></h4>
<dl>${changeAttributes(change, context).map(attribute)}</dl></article>`;
}

function attribute({ name, lines, isProse }: Attribute): Html {
  const kind = isProse === true ? 'prose' : 'line';
  const drawn = lines.map((spans) => html`<div class="${kind}">${styled(spans)}</div>`);
  return html`<div><dt>${name}</dt><dd>${folded(lines, drawn)}</dd></div>`;
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
    if (style === 'red') return html`<del>${text}</del>`;
    if (style === 'green') return html`<ins>${text}</ins>`;
    return style === undefined ? html`${text}` : html`<span class="quiet">${text}</span>`;
  });
}

/** Several batches may reach the same game servers, so only their tasks add up. */
function tasksText(changes: readonly Change[]): string {
  const known = changes.reduce((sum, change) => sum + (change.servers ?? 0), 0);
  const isWhole = changes.every((change) => change.servers !== null);
  return `${counted(known, 'task')}${isWhole ? '' : ', and those of some that are unknown'}`;
}
