/**
 * The plan as a comment on a pull request, in GitHub-flavoured Markdown: the summary first, then what to mind, then
 * the changes as a table, then details, folded. Pure.
 *
 * Invariant: it is shorter than the limit because whole rows and parts are left out and counted, never because one is
 * cut, and none is left out for which there is room; what is left out is said. The numbers are the plan's at every
 * length.
 */
import type { Change, Plan } from '../../model/plan.ts';
import { hasChanges } from '../../model/plan-summary.ts';
import { changeRows } from '../groups.ts';
import { counted } from '../phrases.ts';
import { countRows, tabledChanges } from './changes-table.ts';
import { type Form, type Frame, linksWithin, type MarkdownView, partsOf } from './comment-parts.ts';
import { assembled, filled, nothingOf, SHORTEST_ROW } from './filled.ts';
import { WHERE } from './findings.ts';
import { blocks, bytes, fits } from './fit.ts';
import { digestText, notices, originText, outOfSightText, summaryText } from './head.ts';
import { marker } from './marker.ts';

export type { MarkdownView };

/** Ends with a line break. Throws a RangeError if `maxLength` is less than 2000. */
export function renderMarkdown(plan: Plan, view: MarkdownView): string {
  return rendered(plan, view, { top: `${marker(plan)}\n`, isFolded: false });
}

/** The plan as one of several in a comment, under a heading (Markdown): the same, its changes folded. */
export function renderSection(plan: Plan, view: MarkdownView, heading: string): string {
  return rendered(plan, view, { top: `### ${heading}\n\n`, isFolded: true });
}

/** As short as it can be: what it comes to, what kind of a plan it is, its digest. */
export function shortestSection(plan: Plan, view: MarkdownView, heading: string): string {
  return bareComment(plan, view, { top: `### ${heading}\n\n`, isFolded: true });
}

function rendered(plan: Plan, view: MarkdownView, frame: Frame): string {
  const max = view.maxLength ?? LONGEST;
  if (!(max >= SHORTEST)) throw new RangeError(`maxLength is ${max}; at least ${SHORTEST} is allowed`);
  const changes = tabledChanges(plan.changes);
  if (isQuiet(plan, changes)) return quietComment(plan, view, frame, max);
  const digest = digestText(plan);
  const rows = changeRows(changes);
  for (const form of FORMS) {
    if (countRows(changes, form) * SHORTEST_ROW > max * form.counts) continue;
    const parts = partsOf({ plan, rows, digest, frame }, form, view, max);
    if (bytes(parts.changes.text(0)) > max * form.counts) continue;
    const nothing = nothingOf(parts);
    if (fits(assembled(parts, nothing), max)) return filled(parts, nothing, max);
  }
  return bareComment(plan, view, frame);
}

const LONGEST = 60_000;
const SHORTEST = 2000;
/** From the most telling to the shortest. */
const FORMS: readonly Form[] = [
  { rest: 'blocks', counts: 0.2, findings: 0.4, isBrief: false },
  { rest: 'actions', counts: 1, findings: 0.4, isBrief: false },
  { rest: 'actions', counts: 1, findings: 0.2, isBrief: true },
  { rest: 'actions', counts: 1, findings: 0.1, isBrief: true },
];

/** Nothing changes, nothing is to be minded, and all was looked at. */
function isQuiet(plan: Plan, changes: readonly Change[]): boolean {
  const isWhole = notices(plan, { timezone: 'UTC', isBrief: true }).length === 0;
  const { drift, skipped, diagnostics } = plan;
  return (
    isWhole && !hasChanges(plan) && changes.length + drift.length + skipped.length + diagnostics.length === 0
  );
}

function quietComment(plan: Plan, { timezone, links }: MarkdownView, { top }: Frame, max: number): string {
  const unchanged = plan.changes.filter((change) => change.action === 'no-op').length;
  const counts = [
    ...(unchanged > 0 ? [`${counted(unchanged, 'batch', 'batches')} unchanged`] : []),
    ...(plan.unmanaged.length > 0 ? [`${plan.unmanaged.length} unmanaged left alone`] : []),
  ];
  const origin = originText(plan, { timezone, isBrief: false });
  const about = [origin, ...counts].join(', ') + outOfSightText(plan);
  const text = `${top}${summaryText(plan)} ${about}. ${digestText(plan)}`.trimEnd();
  return `${blocks([text, linksWithin(links, max)])}\n`;
}

/** When even counts per action have no room, next to names of many bytes and numbers of many digits. */
function bareComment(plan: Plan, { timezone }: MarkdownView, { top }: Frame): string {
  const text = blocks([
    `${top}${summaryText(plan)}`,
    notices(plan, { timezone, isBrief: true }).join('\n'),
    `Left out for length: everything else; ${WHERE}.`,
    digestText(plan),
  ]);
  return `${text}\n`;
}
