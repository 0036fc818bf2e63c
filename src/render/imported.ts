/** What `import --all` has written and bound, and what it has left out: for people, and as one document. */
import type { Id } from '../model/ids.ts';
import type { LeftOut, LiveBatch } from '../model/live-batch.ts';
import { safeText } from '../model/safe-text.ts';
import { batchesText, rfc3339 } from '../model/words.ts';

export interface ImportReport {
  /** Absolute. */
  readonly file: string;
  /** As it is shown to people. */
  readonly shown: string;
  readonly name: string;
  readonly isNew: boolean;
  readonly bound: readonly { readonly address: string; readonly batch: LiveBatch }[];
  readonly leftOut: readonly LeftOut[];
  readonly ended: number;
  readonly unselected: number;
  readonly isListFull: boolean;
  readonly noInventory: string | null;
}

export function renderImported(report: ImportReport, as: 'json' | 'text' | 'warnings'): string {
  if (as === 'json') return `${JSON.stringify(documentOf(report), null, 2)}\n`;
  const lines = as === 'text' ? textLines(report) : warningsOf(report).map((text) => `warning: ${text}`);
  return lines.map((line) => `${line}\n`).join('');
}

function documentOf(report: ImportReport) {
  const { file, name, bound, leftOut, ended, unselected } = report;
  return {
    file,
    name,
    bound: bound.map(({ address, batch }) => ({
      address,
      batchIds: batch.ids,
      template: batch.template,
      executeAt: batch.executeAt === null ? null : rfc3339(batch.executeAt),
      paused: batch.isPaused,
      servers: batch.servers,
    })),
    leftOut: leftOut.map(({ id, code, reason }) => ({ batchId: id, code, reason })),
    ended,
    unselected,
    warnings: warningsOf(report),
  };
}

function textLines({ shown, isNew, bound, leftOut, ended, unselected }: ImportReport): string[] {
  return [
    isNew ? `Wrote ${shown}. Bound:` : `${shown} and the state are like that already:`,
    ...bound.map(({ address, batch }) => `  ${safeText(address, 200)}: ${batchesText(batch.ids)}`),
    ...(leftOut.length === 0 ? [] : ['Left out:']),
    ...leftOut.map(({ id, reason }) => `  batch ${id}: ${safeText(reason, 300)}`),
    ...(ended === 0
      ? []
      : [`Not looked at: ${count(ended, 'batch', 'batches')} that ${ended === 1 ? 'is' : 'are'} over.`]),
    ...(unselected === 0 ? [] : [`Not selected: ${count(unselected, 'live batch', 'live batches')}.`]),
    'The next plan has no changes.',
  ];
}

function count(n: number, one: string, several: string): string {
  return `${n} ${n === 1 ? one : several}`;
}

function warningsOf({ bound, leftOut, isListFull, noInventory }: ImportReport): string[] {
  const batches = bound.map(({ batch }) => batch);
  const idsOf = (those: readonly LiveBatch[]): readonly Id[] => those.flatMap(({ ids }) => ids);
  const twins = bound.filter(({ batch }) => batch.ids.length > 1);
  const gone = batches.filter((batch) => batch.gone > 0);
  const params = batches.filter(({ mayHaveParams }) => mayHaveParams);
  return [
    ...(params.length === 0
      ? []
      : [
          `The API does not return params: ${batchesText(idsOf(params))} may have been created with some. Adding them to the file is a change: the batch is cancelled and created again.`,
        ]),
    ...twins.map(
      ({ address, batch }) =>
        `${batchesText(batch.ids)} are exactly the same, and all bound to ${safeText(address, 200)}: they run it ${batch.ids.length} times.`,
    ),
    ...(gone.length === 0
      ? []
      : [
          `Some game servers of ${batchesText(idsOf(gone))} are no longer in the inventory; they are named by their ids.`,
        ]),
    ...(noInventory === null
      ? []
      : [
          `Targets are lists of game servers: ${noInventory}, so it is unknown which fleets and regions they are.`,
        ]),
    ...(isListFull
      ? [
          'The API lists the last 100 batches only: older ones may be live, and are not in the file. To own one, write its block and bind it: fleetform import ADDRESS BATCHID.',
        ]
      : []),
    ...(leftOut.length === 0
      ? []
      : [
          `${count(leftOut.length, 'live batch was', 'live batches were')} left out. No plan touches ${leftOut.length === 1 ? 'it' : 'them'} while the file claims no templates.`,
        ]),
  ];
}
