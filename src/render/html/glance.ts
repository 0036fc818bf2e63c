/**
 * A plan at a glance: what there is of each action, and a link to each block of it; nothing of it is told here alone.
 */
import type { Plan } from '../../model/plan.ts';
import type { AttributeContext } from '../attributes.ts';
import { rowTimes, zoneOf } from '../group-attributes.ts';
import { moveRows, rowMoments } from '../groups.ts';
import { momentWords } from '../occurrence-times.ts';
import { reachText } from '../phrases.ts';
import { skippedGroups } from '../skipped.ts';
import { isUtc } from '../time.ts';
import { type ChangeBlock, changeBlocks } from './change-blocks.ts';
import { type ActionGroup, GROUPS, MISSED } from './changes.ts';
import { type Html, html } from './html.ts';

/** Links of an action before the others are folded. */
const OPEN = 8;

/** `findings`: `2 warnings` that have a section; null: none. The servers are those that creates and replaces reach. */
export function glance(plan: Plan, findings: string | null, context: AttributeContext): Html | null {
  const all = changeBlocks(plan.changes);
  const groups = skippedGroups(plan.skipped);
  const rowOf = ({ actions, tone, words }: ActionGroup) => {
    const some = all.filter(({ action }) => actions.includes(action));
    const count = some.reduce((sum, { changes }) => sum + changes.length, 0);
    const links = some.map((one) => link(one.id, one.name, one.changes.length, whenText(one, context)));
    return row(tone, count, words, links);
  };
  const rows = [
    ...GROUPS.map(rowOf),
    row(
      'skipped',
      plan.skipped.length,
      'skipped',
      groups.map(({ block, freeze, all: some }, index) =>
        link(`s${index + 1}`, block, some.length, `freeze ${freeze}`),
      ),
    ),
    rowOf(MISSED),
    row(
      'adopt',
      plan.moves.length,
      'to move',
      moveRows(plan.moves).map(({ from, count }) => link('moves', from, count, '')),
    ),
  ].filter((one) => one !== null);
  const { summary } = plan;
  const reached = summary.create + summary.replace > 0;
  if (rows.length === 0 && findings === null) return null;
  return html`${rows.length === 0 ? null : html`<ul class="glance">${rows}</ul>`}
<p class="quiet">${reached ? `Creates and replaces reach ${reachText(summary)}.` : null}${findings === null ? null : html` <a class="warned" href="#findings-title">${findings}</a>`}</p>`;
}

function row(tone: string, count: number, words: string, links: readonly Html[]): Html | null {
  if (links.length === 0) return null;
  const rest = links.slice(OPEN);
  return html`<li class="${tone}"><p><b>${count}</b> ${words}</p><ul>${links.slice(0, OPEN)}</ul>${rest.length === 0 ? null : html`<details><summary>${rest.length} more ${words}</summary><ul>${rest}</ul></details>`}</li>`;
}

function link(id: string, name: string, count: number, more: string): Html {
  return html`<li><a href="#${id}">${name}</a>${count === 1 ? null : html` <span class="times" aria-label="${count} times">×${count}</span>`}${more === '' ? null : html` <span class="quiet">${more}</span>`}</li>`;
}

/** `3 Dec 04:00`, or the times of occurrences in words. */
function whenText({ changes, rows }: ChangeBlock, context: AttributeContext): string {
  const moments = rowMoments(changes, changes[0].after === null ? 'before' : 'after');
  const times = [...new Set(moments.map(({ at }) => at))].sort((a, b) => a - b);
  const timezone = zoneOf(changes[0].address, context);
  const [first] = times;
  if (first === undefined) return 'when applied';
  const told = (time: number) => momentWords(time, { timezone, now: context.now });
  const zone = timezone === context.timezone ? '' : ` ${isUtc(timezone) ? 'UTC' : timezone}`;
  if (times.length === 1) return `${told(first)}${zone}`;
  if (rows.length === 1) return rowTimes(changes, changes[0].after === null ? 'before' : 'after', context);
  return `${told(first)} to ${told(times.at(-1)!)}${zone}`;
}
