/**
 * The changes of a plan, on a page: by action, the most harmful first; a block once, with what it does in full, its
 * targets and occurrences folded one by one.
 */
import type { Action, Change, Plan } from '../../model/plan.ts';
import { someBatchesText } from '../../model/words.ts';
import { ACTION_LOOKS, concernedBatches, verbOf } from '../actions.ts';
import type { Attribute, AttributeContext } from '../attributes.ts';
import { isSaidByAll, zoneOf } from '../group-attributes.ts';
import { type ChangeRow, moveRows, movesText } from '../groups.ts';
import { counted } from '../phrases.ts';
import { type SkippedGroup, skippedGroups, skippedWords } from '../skipped.ts';
import type { Line } from '../spans.ts';
import { formatTime } from '../time.ts';
import { type BlockAttribute, blockAttributes } from './block-attributes.ts';
import { type ChangeBlock, changeBlocks } from './change-blocks.ts';
import { type Html, html } from './html.ts';

/** Before what is left over is folded. */
const OPEN = 40;

export const GROUPS: readonly {
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

/** Where each address is told: the id of its block on the page. */
export function anchorsOf({ changes, skipped }: Pick<Plan, 'changes' | 'skipped'>): Map<string, string> {
  const blocks = changeBlocks(changes).map((block) => [block.changes, block.id] as const);
  const groups = skippedGroups(skipped).map(({ all }, index) => [all, `s${index + 1}`] as const);
  return new Map(
    // What is done about an address says more than that a freeze covers it.
    [...groups, ...blocks].flatMap(([all, id]) => all.map(({ address }) => [address, id] as const)),
  );
}

export function changesSection(plan: Plan, context: AttributeContext): Html | null {
  const all = changeBlocks(plan.changes);
  const groups = GROUPS.flatMap(({ actions, tone, words }) => {
    const some = all.filter(({ action }) => actions.includes(action));
    if (some.length === 0) return [];
    const changes = some.flatMap((one) => one.changes);
    const blocks = some.map((one) => block(one, tone, context));
    const rest = blocks.slice(OPEN);
    const folded = some.slice(OPEN).flatMap((one) => one.changes).length;
    return [
      html`<section class="group ${tone}"><h3>${changes.length} ${words}<span class="quiet">, ${tasksText(changes)}</span></h3>
<div class="blocks">${blocks.slice(0, OPEN)}</div>
${rest.length === 0 ? null : html`<details><summary>${folded} more ${words}</summary><div class="blocks">${rest}</div></details>`}</section>`,
    ];
  });
  const moves = moveRows(plan.moves).map(
    (row) => html`<li><code>${row.from}</code> ${movesText(row)} <code>${row.to}</code></li>`,
  );
  const skipped = skippedSection(plan, context);
  if (groups.length + moves.length === 0 && skipped === null) return null;
  return html`<section aria-labelledby="changes-title"><h2 id="changes-title">Changes</h2>
${groups}
${skipped}
${moves.length === 0 ? null : html`<section class="group adopt" id="moves"><h3>${plan.moves.length} to move</h3><ul class="plain">${moves}</ul></section>`}</section>`;
}

/** What a freeze leaves out. */
function skippedSection({ skipped }: Plan, context: AttributeContext): Html | null {
  if (skipped.length === 0) return null;
  const blocks = skippedGroups(skipped).map((group, index) => skippedBlock(group, `s${index + 1}`, context));
  const rest = blocks.slice(OPEN);
  return html`<section class="group skipped"><h3>${skipped.length} skipped</h3>
<div class="blocks">${blocks.slice(0, OPEN)}</div>
${rest.length === 0 ? null : html`<details><summary>${counted(rest.length, 'more block')}</summary><div class="blocks">${rest}</div></details>`}</section>`;
}

function skippedBlock(group: SkippedGroup, id: string, context: AttributeContext): Html {
  const timezone = zoneOf(group.block, context);
  const { count, when, until, doubt } = skippedWords(group, { timezone, now: context.now });
  return html`<article class="block skipped" id="${id}"><h4><b aria-hidden="true">⊘</b> <code>${group.block}</code> <span class="quiet">${count}</span></h4>
<dl><div><dt>time</dt><dd>${when}</dd></div><div><dt>freeze</dt><dd>${group.freeze}, ${until}</dd></div>${doubt === '' ? null : html`<div><dt>reason</dt><dd>${doubt}</dd></div>`}</dl>
${oneByOne(group.all.map(({ address, executeAt }) => html`<li><code>${address}</code> <span class="quiet">${formatTime(executeAt, context.timezone)}</span></li>`))}</article>`;
}

function oneByOne(rows: readonly Html[]): Html | null {
  if (rows.length < 2) return null;
  return html`<details><summary>All ${rows.length}, one by one</summary><ul class="plain">${rows}</ul></details>`;
}

/** What stays, and what is forgotten: one line each, folded. */
export function unchangedSection(plan: Plan, { timezone }: AttributeContext): Html | null {
  const some = changeBlocks(plan.changes).filter(({ action }) => action === 'no-op' || action === 'forget');
  if (some.length === 0) return null;
  const lines = some.map(({ id, name, action, changes }) => {
    const isForgotten = action === 'forget';
    if (changes.length > 1) {
      const what = isForgotten ? 'will be forgotten' : 'unchanged';
      return html`<li id="${id}"><code>${name}</code> <span class="quiet">${changes.length} ${what}</span>${occurrences(changes, timezone, true)}</li>`;
    }
    const about = concernedBatches(changes);
    return html`<li id="${id}"><code>${name}</code> <span class="quiet">${isForgotten ? 'will be forgotten: ' : ''}${changes[0].reason}${about === '' ? '' : `, ${about}`}</span></li>`;
  });
  const count = some.reduce((sum, { changes }) => sum + changes.length, 0);
  return html`<section><details><summary>${counted(count, 'batch', 'batches')} unchanged or over</summary><ul class="plain">${lines}</ul></details></section>`;
}

function block(one: ChangeBlock, tone: string, context: AttributeContext): Html {
  const { id, name, action, changes } = one;
  const about = concernedBatches(changes);
  const many = changes.length > 1 ? `${changes.length} batches ` : '';
  return html`<article class="block ${tone}" id="${id}"><h4><b aria-hidden="true">${ACTION_LOOKS[action].symbol}</b> <code>${name}</code> <span class="quiet">${many}${verbOf(action, changes.length)}${about === '' ? '' : ` (${about})`}</span></h4>
<dl>${blockAttributes(one, context).map(attribute)}</dl>${changes.length > 1 ? occurrences(changes, context.timezone, !isSaidByAll(changes)) : null}</article>`;
}

/** Each of a row, with its time and its batches. */
function occurrences(row: ChangeRow, timezone: string, hasReasons: boolean): Html | null {
  return oneByOne(
    row.map((change) => {
      const at = (change.after ?? change.before)?.executeAt;
      const ids = change.action === 'create' ? change.follows : change.batchIds;
      const parts = [
        ...(at == null ? [] : [formatTime(at, timezone)]),
        ...(ids.length === 0 ? [] : [someBatchesText(ids)]),
        ...(hasReasons ? [change.reason] : []),
      ];
      return html`<li><code>${change.address}</code> <span class="quiet">${parts.join(', ')}</span></li>`;
    }),
  );
}

/** Values of an attribute, and targets, that are open before the others are folded. */
const VARIANTS = 3;
const TARGETS = 4;

function attribute({ name, variants }: BlockAttribute): Html {
  const drawn = variants.map((variant) => {
    const whose = variant.of === null ? null : html`<div class="of">${variant.of}</div>`;
    return html`${whose}${name === 'target' ? targets(variant.attribute) : value(variant.attribute)}`;
  });
  const rest = drawn.slice(VARIANTS);
  const more = rest.length === 0 ? null : fold(`${rest.length} more, of others`, rest);
  return html`<div><dt>${name}</dt><dd>${drawn.slice(0, VARIANTS)}${more}</dd></div>`;
}

function value({ lines, isProse }: Attribute): Html {
  const kind = isProse === true ? 'prose' : 'line';
  const drawn = lines.map((spans) => html`<div class="${kind}">${styled(spans)}</div>`);
  return html`${folded(lines, drawn)}`;
}

function targets({ lines }: Attribute): Html {
  const drawn = lines.map((spans) => html`<div class="line">${styled(spans)}</div>`);
  if (lines.length <= TARGETS + 1) return html`${drawn}`;
  return html`${drawn.slice(0, TARGETS)}${fold(`${drawn.length - TARGETS} more targets`, drawn.slice(TARGETS))}`;
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
