/** A block and what is done with it, on a card: once in full, then each of its batches, in one list. */
import { blockOf } from '../../model/addresses.ts';
import type { Change } from '../../model/plan.ts';
import { someBatchesText } from '../../model/words.ts';
import { concernedBatches, verbOf } from '../actions.ts';
import type { AttributeContext } from '../attributes.ts';
import { isSaidByAll } from '../group-attributes.ts';
import type { ChangeRow } from '../groups.ts';
import { counted } from '../phrases.ts';
import { shownTimes } from '../shown-times.ts';
import { formatTime } from '../time.ts';
import { attributeRow, listed } from './attribute-rows.ts';
import { blockAttributes } from './block-attributes.ts';
import type { ChangeBlock } from './change-blocks.ts';
import { type Html, html } from './html.ts';
import { ACTION_SIGNS } from './signs.ts';

export function changeCard(one: ChangeBlock, tone: string, context: AttributeContext): Html {
  const { id, name, action, changes } = one;
  const isMany = changes.length > 1;
  // Of many, the list says it of each.
  const about = isMany ? '' : concernedBatches(changes);
  const many = isMany ? `${changes.length} batches ` : '';
  const isByTarget = isMany && new Set(changes.map(({ targetText }) => targetText)).size === changes.length;
  const rows = blockAttributes(one, context).map((attribute) => {
    return isByTarget && attribute.name === 'target'
      ? html`<div><dt>targets</dt><dd>${listed(batchRows(changes, context.timezone, !isSaidByAll(changes)), 'more targets')}</dd></div>`
      : attributeRow(attribute);
  });
  const list = isMany && !isByTarget ? batchList(changes, context.timezone, !isSaidByAll(changes)) : null;
  return html`<article class="block ${tone}" id="${id}" aria-labelledby="${id}-title"><h4 id="${id}-title"><b aria-hidden="true">${ACTION_SIGNS[action]}</b> <code>${name}</code> <span class="quiet">${many}${verbOf(action, changes.length)}${about === '' ? '' : ` (${about})`}</span></h4>
<dl>${rows}</dl>${list}</article>`;
}

export function batchList(changes: ChangeRow, timezone: string, hasReasons: boolean): Html | null {
  return oneByOne(batchRows(changes, timezone, hasReasons));
}

export function oneByOne(rows: readonly Html[]): Html | null {
  if (rows.length < 2) return null;
  return html`<details><summary>All ${rows.length}, one by one</summary><ul class="plain">${rows}</ul></details>`;
}

/** Each with what the others do not share. */
function batchRows(changes: ChangeRow, timezone: string, hasReasons: boolean): Html[] {
  const isTogether = new Set(changes.map(timeOf)).size === 1;
  return changes.map((change) => {
    const at = timeOf(change);
    const ids = change.action === 'create' ? change.follows : change.batchIds;
    const parts = [
      ...(isSaidBy(change) ? [] : [change.targetText]),
      ...(change.servers === null || change.servers === 1 ? [] : [counted(change.servers, 'game server')]),
      ...(at === null || isTogether ? [] : [formatTime(at, timezone)]),
      ...(ids.length === 0 ? [] : [`${change.action === 'create' ? 'after ' : ''}${someBatchesText(ids)}`]),
      ...(hasReasons ? [shownTimes(change.reason, timezone)] : []),
    ].filter((part) => part !== '');
    return html`<li><code>${change.address}</code>${parts.length === 0 ? null : html` <span class="quiet">${parts.join(', ')}</span>`}</li>`;
  });
}

function timeOf({ after, before }: Change): number | null {
  return (after ?? before)?.executeAt ?? null;
}

/** `fleet eu`, of `nightly[fleet:eu]`: its address tells the target. */
export function isSaidBy({ address, targetText }: Pick<Change, 'address' | 'targetText'>): boolean {
  const target = /^\[(\w+):([^\]]*)\]/.exec(address.slice(blockOf(address).length));
  if (target === null) return false;
  const [, kind = '', name = ''] = target;
  const kinds = kind.startsWith('instance') ? ['instance', 'game server'] : [kind];
  return kinds.some((word) => targetText === `${word} ${name}`);
}
