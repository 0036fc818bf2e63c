/** Batches on a page that no change is about: of others, of a status, of drift. */

import { isAllPaused } from '../../model/batch-phase.ts';
import type { Drift, UnmanagedBatch } from '../../model/plan.ts';
import type { Status, StatusRow } from '../../model/status.ts';
import { counted, countsText, driftText } from '../phrases.ts';
import { restText } from '../status.ts';
import { type StatusLine, statusLines } from '../status-lines.ts';
import { formatTime, relativeTime } from '../time.ts';
import { type Html, html } from './html.ts';

/** Failures of a batch, before the others are folded. */
const SHOWN = 200;

export function unmanagedSection(unmanaged: readonly UnmanagedBatch[], timezone: string): Html | null {
  if (unmanaged.length === 0) return null;
  const rows = unmanaged.map(
    (batch) =>
      html`<tr><td>${batch.batchId}</td><td>${batch.phase}</td><td>${batch.template ?? 'unknown'}</td><td class="number">${batch.numTasks}</td><td>${batch.executeAt === null ? 'once' : formatTime(batch.executeAt, timezone)}</td></tr>`,
  );
  return html`<section><details><summary>${counted(unmanaged.length, 'unmanaged batch', 'unmanaged batches')}, left alone</summary>
<div class="scroller"><table><thead><tr><th scope="col">Batch</th><th scope="col">Phase</th><th scope="col">Template</th><th scope="col" class="number">Tasks</th><th scope="col">Time</th></tr></thead><tbody>${rows}</tbody></table></div></details></section>`;
}

export function driftSection(drift: readonly Drift[]): Html | null {
  if (drift.length === 0) return null;
  return html`<section aria-labelledby="drift-title"><h2 id="drift-title">Changed outside fleetform</h2>
${drift.map(
  (
    one,
  ) => html`<article class="block ${one.kind === 'failed' || one.kind === 'vanished' ? 'bad' : 'change'}"><h3><code>${one.address}</code> <span class="quiet">${driftText(one)}</span></h3>
${
  one.texts.length > 0
    ? html`<ul class="plain">${one.texts.map(({ server, text }) => html`<li>game server ${server}: <q>${text.trim() === '' ? 'failed without a message' : text}</q></li>`)}</ul>`
    : one.servers.length > 0
      ? html`<p class="quiet">Game servers ${one.servers.join(', ')}${one.count > one.servers.length ? ` and ${one.count - one.servers.length} more` : ''}</p>`
      : null
}</article>`,
)}</section>`;
}

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

export function statusSection(status: Status, now: number, timezone: string): Html {
  if (status.rows.length === 0) {
    return html`<section><p class="quiet">No batches to show.</p></section>`;
  }
  const ids = new Map(status.rows.map((row, index) => [row, `c${index + 1}`]));
  const drawnRow = (row: StatusRow) => statusRow(row, ids.get(row)!, now, timezone);
  const drawn = (line: StatusLine) =>
    line.kind === 'row'
      ? drawnRow(line.row)
      : html`<article class="block calm"><h3><code>${line.block}</code></h3><details><summary>${restText(line.rows, { timezone })}</summary>${line.rows.map(drawnRow)}</details></article>`;
  return html`<section aria-labelledby="batches-title"><h2 id="batches-title">Batches</h2>
<div class="blocks">${statusLines(status.rows).map(drawn)}</div></section>`;
}

function statusRow(row: StatusRow, id: string, now: number, timezone: string): Html {
  const time =
    row.executeAt === null
      ? 'once'
      : `${formatTime(row.executeAt, timezone)}, ${relativeTime(row.executeAt, now)}`;
  return html`<article class="block ${TONES[row.phase]}" id="${id}"><h3><code>${row.address}</code> <span class="quiet">${isAllPaused(row.counts) ? 'paused' : row.phase}${row.batchIds.length === 0 ? '' : `, batch ${row.batchIds.join(', ')}`}</span></h3>
<dl><div><dt>template</dt><dd>${row.template ?? 'unknown'}</dd></div><div><dt>target</dt><dd>${row.targetText}</dd></div><div><dt>time</dt><dd>${time}</dd></div>
${row.numTasks === 0 ? null : html`<div><dt>tasks</dt><dd>${countsText(row.counts)}</dd></div>`}</dl>
${failureList(row.failures.slice(0, SHOWN))}
${row.failures.length <= SHOWN ? null : html`<details><summary>${row.failures.length - SHOWN} more failed</summary>${failureList(row.failures.slice(SHOWN))}</details>`}</article>`;
}

function failureList(failures: StatusRow['failures']): Html | null {
  if (failures.length === 0) return null;
  return html`<ul class="plain failures">${failures.map(({ entityId, resultText }) => html`<li>game server ${entityId}: <q>${resultText.trim() === '' ? 'failed without a message' : resultText}</q></li>`)}</ul>`;
}
