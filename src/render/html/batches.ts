/** Batches on a page that no change is about: of others, of drift. */

import type { Drift, UnmanagedBatch } from '../../model/plan.ts';
import { counted, driftText } from '../phrases.ts';
import { formatTime } from '../time.ts';
import { type Html, html } from './html.ts';

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
    index,
  ) => html`<article aria-labelledby="drift-${index + 1}" class="block ${one.kind === 'failed' || one.kind === 'vanished' ? 'bad' : 'change'}"><h3 id="drift-${index + 1}"><code>${one.address}</code> <span class="quiet">${driftText(one)}</span></h3>
${
  one.texts.length > 0
    ? html`<ul class="plain">${one.texts.map(({ server, text }) => html`<li>game server ${server}: <q>${text.trim() === '' ? 'failed without a message' : text}</q></li>`)}</ul>`
    : one.servers.length > 0
      ? html`<p class="quiet">Game servers ${one.servers.join(', ')}${one.count > one.servers.length ? ` and ${one.count - one.servers.length} more` : ''}</p>`
      : null
}</article>`,
)}</section>`;
}
