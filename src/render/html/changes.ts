/**
 * The changes of a plan, on a page: by action, the most harmful first; a block once, with what it does in full, its
 * targets and occurrences folded one by one.
 */
import type { Action, Change, Plan } from '../../model/plan.ts';
import { concernedBatches } from '../actions.ts';
import type { AttributeContext } from '../attributes.ts';
import { zoneOf } from '../group-attributes.ts';
import { moveRows, movesText } from '../groups.ts';
import { counted } from '../phrases.ts';
import { type SkippedGroup, skippedGroups, skippedWords } from '../skipped.ts';
import { formatTime } from '../time.ts';
import { changeBlocks } from './change-blocks.ts';
import { batchList, changeCard, oneByOne } from './change-card.ts';
import { type Html, html } from './html.ts';

/** Before what is left over is folded. */
const OPEN = 40;

export interface ActionGroup {
  readonly actions: readonly Action[];
  readonly tone: string;
  readonly words: string;
}

/** What is done. Below it, as in the closing line: what is skipped, what is missed, what moves. */
export const GROUPS: readonly ActionGroup[] = [
  { actions: ['cancel'], tone: 'remove', words: 'to cancel' },
  { actions: ['replace'], tone: 'change', words: 'to replace' },
  { actions: ['create'], tone: 'add', words: 'to create' },
  { actions: ['pause', 'resume'], tone: 'change', words: 'to update' },
  { actions: ['adopt'], tone: 'adopt', words: 'to adopt' },
];

export const MISSED: ActionGroup = { actions: ['missed'], tone: 'bad', words: 'missed' };

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
  const groupOf = ({ actions, tone, words }: ActionGroup): Html | null => {
    const some = all.filter(({ action }) => actions.includes(action));
    if (some.length === 0) return null;
    const changes = some.flatMap((one) => one.changes);
    const blocks = some.map((one) => changeCard(one, tone, context));
    const rest = blocks.slice(OPEN);
    const folded = some.slice(OPEN).flatMap((one) => one.changes).length;
    return html`<section class="group ${tone}"><h3>${changes.length} ${words}<span class="quiet">, ${tasksText(changes)}</span></h3>
<div class="blocks">${blocks.slice(0, OPEN)}</div>
${rest.length === 0 ? null : html`<details><summary>${folded} more ${words}</summary><div class="blocks">${rest}</div></details>`}</section>`;
  };
  const groups = GROUPS.map(groupOf).filter((group) => group !== null);
  const missed = groupOf(MISSED);
  const moves = moveRows(plan.moves).map(
    (row) => html`<li><code>${row.from}</code> ${movesText(row)} <code>${row.to}</code></li>`,
  );
  const skipped = skippedSection(plan, context);
  if (groups.length + moves.length === 0 && skipped === null && missed === null) return null;
  return html`<section aria-labelledby="changes-title"><h2 id="changes-title">Changes</h2>
${groups}
${skipped}${missed}
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
  const { count, when, until, doubt } = skippedWords(group, {
    timezone,
    now: context.now,
    reader: context.timezone,
  });
  return html`<article class="block skipped" id="${id}" aria-labelledby="${id}-title"><h4 id="${id}-title"><b aria-hidden="true">⊘</b> <code>${group.block}</code> <span class="quiet">${count}</span></h4>
<dl><div><dt>time</dt><dd>${when}</dd></div><div><dt>freeze</dt><dd>${group.freeze}, ${until}</dd></div>${doubt === '' ? null : html`<div><dt>reason</dt><dd>${doubt}</dd></div>`}</dl>
${oneByOne(group.all.map(({ address, executeAt }) => html`<li><code>${address}</code> <span class="quiet">${formatTime(executeAt, context.timezone)}</span></li>`))}</article>`;
}

/** What stays, and what is forgotten: one line each, folded. */
export function unchangedSection(plan: Plan, { timezone }: AttributeContext): Html | null {
  const some = changeBlocks(plan.changes).filter(({ action }) => action === 'no-op' || action === 'forget');
  if (some.length === 0) return null;
  const lines = some.map(({ id, name, action, changes }) => {
    const isForgotten = action === 'forget';
    if (changes.length > 1) {
      const what = isForgotten ? 'will be forgotten' : 'unchanged';
      return html`<li id="${id}"><code>${name}</code> <span class="quiet">${changes.length} ${what}</span>${batchList(changes, timezone, true)}</li>`;
    }
    const about = concernedBatches(changes);
    return html`<li id="${id}"><code>${name}</code> <span class="quiet">${isForgotten ? 'will be forgotten: ' : ''}${changes[0].reason}${about === '' ? '' : `, ${about}`}</span></li>`;
  });
  const count = some.reduce((sum, { changes }) => sum + changes.length, 0);
  return html`<section class="unchanged"><details><summary>${counted(count, 'batch', 'batches')} unchanged or over</summary><ul class="plain">${lines}</ul></details></section>`;
}

/** Several batches may reach the same game servers, so only their tasks add up. */
function tasksText(changes: readonly Change[]): string {
  const known = changes.reduce((sum, change) => sum + (change.servers ?? 0), 0);
  const isWhole = changes.every((change) => change.servers !== null);
  return `${counted(known, 'task')}${isWhole ? '' : ', and those of some that are unknown'}`;
}
