/**
 * The batches of a status, on a page: a card per block, as in a plan; what its batches share once, then each of them.
 *
 * Invariant: every row is told once, and its id is in the order of the rows.
 */
import { blockOf } from '../../model/addresses.ts';
import { groupBy } from '../../model/group.ts';
import type { Status, StatusRow } from '../../model/status.ts';
import { sumOfTasks } from '../group-attributes.ts';
import { countsText } from '../phrases.ts';
import { phasesText, restText, wordOf } from '../status.ts';
import { isUrgent, statusLines } from '../status-lines.ts';
import { formatTime, relativeTime } from '../time.ts';
import { listed } from './attribute-rows.ts';
import { isSaidBy } from './change-card.ts';
import { type Html, html } from './html.ts';

/** Failures of a batch, before the others are folded. */
const SHOWN = 200;

const TONES: Readonly<Record<StatusRow['phase'], string>> = {
  scheduled: 'calm',
  running: 'change',
  done: 'done',
  failed: 'bad',
  cancelled: 'remove',
  stopped: 'remove',
  missing: 'bad',
  'not applied': 'calm',
};

interface CardView {
  readonly now: number;
  readonly timezone: string;
  idOf(row: StatusRow): string;
}

/** The id of the place where each address is told. */
export function statusAnchors(rows: readonly StatusRow[]): Map<string, string> {
  return new Map(rows.map(({ address }, index) => [address, `c${index + 1}`]));
}

export function statusSection(status: Status, now: number, timezone: string): Html {
  if (status.rows.length === 0) {
    return html`<section><p class="quiet">No batches to show.</p></section>`;
  }
  const anchors = statusAnchors(status.rows);
  const view = { now, timezone, idOf: ({ address }: StatusRow) => anchors.get(address)! };
  const blocks = [...groupBy(status.rows, ({ address }) => blockOf(address))];
  const cards = blocks.map(([block, rows]) =>
    rows.length === 1 ? rowCard(rows[0]!, view) : blockCard(block, rows, view),
  );
  return html`<section aria-labelledby="batches-title"><h2 id="batches-title">Batches</h2>
<div class="blocks">${cards}</div></section>`;
}

function rowCard(row: StatusRow, view: CardView): Html {
  const id = view.idOf(row);
  return html`<article class="block ${TONES[row.phase]}" id="${id}" aria-labelledby="${id}-title"><h3 id="${id}-title"><code>${row.address}</code> <span class="quiet">${wordOf(row)}${batchesText(row)}</span></h3>
<dl><div><dt>template</dt><dd>${row.template ?? 'unknown'}</dd></div><div><dt>target</dt><dd>${row.targetText}</dd></div><div><dt>time</dt><dd>${timeText(row, view)}</dd></div>
${tasksRow([row])}</dl>
${failures(row)}</article>`;
}

function blockCard(block: string, rows: readonly StatusRow[], view: CardView): Html {
  const id = `${view.idOf(rows[0]!)}-block`;
  const templates = [...new Set(rows.map(({ template }) => template ?? 'unknown'))];
  const times = new Set(rows.map(({ executeAt }) => executeAt));
  const isTogether = times.size === 1;
  const worst = rows.find(isUrgent) ?? rows[0]!;
  const draw = (row: StatusRow) =>
    rowItem(row, { hasTime: !isTogether, hasTemplate: templates.length > 1 }, view);
  const lines = statusLines(rows).filter((line) => line.kind === 'rest' || !isOpen(line.row));
  const calm = lines.map((line) =>
    line.kind === 'row'
      ? draw(line.row)
      : html`<li><details><summary>${restText(line.rows, view)}</summary><ul class="targets">${line.rows.map(draw)}</ul></details></li>`,
  );
  const urgent = rows.filter(isOpen).map(draw);
  return html`<article class="block ${TONES[worst.phase]}" id="${id}" aria-labelledby="${id}-title"><h3 id="${id}-title"><code>${block}</code> <span class="quiet">${rows.length} batches: ${phasesText(rows)}</span></h3>
<dl><div><dt>template</dt><dd>${templates.join(', ')}</dd></div>${isTogether ? html`<div><dt>time</dt><dd>${timeText(rows[0]!, view)}</dd></div>` : null}
${tasksRow(rows)}
<div><dt>batches</dt><dd>${urgent.length === 0 ? null : html`<ul class="targets">${urgent}</ul>`}${calm.length === 0 ? null : listed(calm, 'more')}</dd></div></dl></article>`;
}

/** Never folded. */
function isOpen(row: StatusRow): boolean {
  return isUrgent(row) || row.failures.length > 0;
}

function rowItem(
  row: StatusRow,
  { hasTime, hasTemplate }: { readonly hasTime: boolean; readonly hasTemplate: boolean },
  view: CardView,
): Html {
  const parts = [
    `${wordOf(row)}${batchesText(row)}`,
    ...(isSaidBy(row) ? [] : [row.targetText]),
    ...(hasTemplate ? [row.template ?? 'unknown'] : []),
    ...(hasTime ? [timeText(row, view)] : []),
    ...(row.numTasks === 0 ? [] : [countsText(row.counts)]),
  ].filter((part) => part !== '');
  return html`<li id="${view.idOf(row)}"><code>${row.address}</code> <span class="quiet">${parts.join(', ')}</span>${failures(row)}</li>`;
}

function batchesText({ batchIds }: StatusRow): string {
  return batchIds.length === 0 ? '' : `, batch ${batchIds.join(', ')}`;
}

function timeText({ executeAt }: StatusRow, { now, timezone }: CardView): string {
  return executeAt === null ? 'once' : `${formatTime(executeAt, timezone)}, ${relativeTime(executeAt, now)}`;
}

function tasksRow(rows: readonly StatusRow[]): Html | null {
  const known = rows.filter(({ numTasks }) => numTasks > 0);
  if (known.length === 0) return null;
  const sum = known.map(({ counts }) => counts).reduce(sumOfTasks);
  return html`<div><dt>tasks</dt><dd>${countsText(sum)}</dd></div>`;
}

function failures(row: StatusRow): Html {
  return html`${failureList(row.failures.slice(0, SHOWN))}
${row.failures.length <= SHOWN ? null : html`<details><summary>${row.failures.length - SHOWN} more failed</summary>${failureList(row.failures.slice(SHOWN))}</details>`}`;
}

function failureList(failures: StatusRow['failures']): Html | null {
  if (failures.length === 0) return null;
  return html`<ul class="plain failures">${failures.map(({ entityId, resultText }) => html`<li>game server ${entityId}: <q>${resultText.trim() === '' ? 'failed without a message' : resultText}</q></li>`)}</ul>`;
}
