/**
 * The plan as a comment on a pull request, in GitHub-flavoured Markdown: the summary first, then what to mind, then
 * the changes as a table, then details, folded. Pure.
 *
 * Invariant: it is shorter than the limit because whole parts are left out and counted, never because one is cut;
 * what is left out is said. The numbers are the plan's at every length.
 */
import type { Desired } from '../../model/desired.ts';
import type { Change, Plan } from '../../model/plan.ts';
import { hasChanges } from '../../model/plan-summary.ts';
import { counted } from '../phrases.ts';
import { actionRows, blockRows, changeRows, tabledChanges } from './changes-table.ts';
import { detailFolds } from './details.ts';
import { driftFold, driftKindRows, driftRows } from './drift-table.ts';
import { marker } from './escape.ts';
import { findings, WHERE } from './findings.ts';
import { blocks, bytes, countOf, type Fold, type FoldItem, fits, foldText } from './fit.ts';
import { aboutText, digestText, notices, originText, outOfSightText, summaryText } from './head.ts';
import { listFolds } from './lists.ts';

export interface MarkdownView {
  /** Unix seconds. */
  readonly now: number;
  /** An IANA zone. */
  readonly timezone: string;
  readonly aliases?: Desired['aliases'];
  /** Paths below this folder are shown relative to it. */
  readonly cwd?: string;
  /** The comment stays under it in characters, in UTF-16 code units and in UTF-8 bytes. At least 2000. */
  readonly maxLength?: number;
}

/** Ends with a line break. Throws a RangeError if `maxLength` is less than 2000. */
export function renderMarkdown(plan: Plan, view: MarkdownView): string {
  const max = view.maxLength ?? LONGEST;
  if (!(max >= SHORTEST)) throw new RangeError(`maxLength is ${max}; at least ${SHORTEST} is allowed`);
  const changes = tabledChanges(plan.changes);
  if (isQuiet(plan, changes)) return quietComment(plan, view);
  for (const form of FORMS) {
    // A row has at least as many bytes: not even the attempt is worth it.
    if (form.rows === 'changes' && changes.length + plan.drift.length > max / SHORTEST_ROW) continue;
    if (!fits(changesTable(changes, form, view), max)) continue;
    const base = { plan, view, form, changes, max };
    const folds = foldsOf(base);
    const nothing = assembled(base, folds, new Set());
    if (fits(nothing, max)) return filled(base, folds, nothing);
  }
  return bareComment(plan, view);
}

const LONGEST = 60_000;
const SHORTEST = 2000;
const SHORTEST_ROW = 40;

/** From the most telling to the shortest. */
interface Form {
  readonly rows: 'changes' | 'blocks' | 'actions';
  /** With rows per action (or kind of drift): how many addresses each of them names. */
  readonly named: number;
  /** The findings' share of the comment. */
  readonly findings: number;
  readonly isBrief: boolean;
}

const FORMS: readonly Form[] = [
  { rows: 'changes', named: 0, findings: 0.4, isBrief: false },
  { rows: 'blocks', named: 20, findings: 0.4, isBrief: false },
  ...[20, 10, 5].map((named) => ({ rows: 'actions', named, findings: 0.4, isBrief: false }) as const),
  ...[3, 1].map((named) => ({ rows: 'actions', named, findings: 0.2, isBrief: true }) as const),
  { rows: 'actions', named: 0, findings: 0.1, isBrief: true },
];

interface Base {
  readonly plan: Plan;
  readonly view: MarkdownView;
  readonly form: Form;
  /** In the order of the table. */
  readonly changes: readonly Change[];
  readonly max: number;
}

/** Nothing changes, nothing is to be minded, and all was looked at. */
function isQuiet(plan: Plan, changes: readonly Change[]): boolean {
  const isWhole = notices(plan, { timezone: 'UTC', isBrief: true }).length === 0;
  return isWhole && !hasChanges(plan) && changes.length + plan.drift.length + plan.diagnostics.length === 0;
}

function quietComment(plan: Plan, { timezone }: MarkdownView): string {
  const unchanged = plan.changes.filter((change) => change.action === 'no-op').length;
  const counts = [
    ...(unchanged > 0 ? [`${counted(unchanged, 'batch', 'batches')} unchanged`] : []),
    ...(plan.unmanaged.length > 0 ? [`${plan.unmanaged.length} unmanaged left alone`] : []),
  ];
  const origin = originText(plan, { timezone, isBrief: false });
  const about = [origin, ...counts].join(', ') + outOfSightText(plan);
  return `${marker(plan.name)}\n${summaryText(plan)} ${about}. ${digestText(plan)}\n`;
}

/** When even counts per action have no room, next to names of many bytes and numbers of many digits. */
function bareComment(plan: Plan, { timezone }: MarkdownView): string {
  const text = blocks([
    `${marker(plan.name)}\n${summaryText(plan)}`,
    notices(plan, { timezone, isBrief: true }).join('\n'),
    `Left out for length: all else; ${WHERE}.`,
    digestText(plan),
  ]);
  return `${text}\n`;
}

function foldsOf({ plan, view, form, changes }: Base): Fold[] {
  const lists = listFolds(plan, view.timezone);
  if (form.rows !== 'changes') return lists;
  const context = {
    timezone: view.timezone,
    now: view.now,
    room: ROOM,
    fleetNames: reversed(view.aliases?.fleets),
    regionNames: reversed(view.aliases?.regions),
  };
  const drift = driftFold(plan.drift);
  return [...detailFolds(changes, context), ...(drift.items.length > 0 ? [drift] : []), ...lists];
}

/** Columns of a value: code blocks scroll. */
const ROOM = 100;

/** The largest are left out until the rest has room. */
function filled(base: Base, folds: readonly Fold[], nothing: string): string {
  const items = folds.flatMap((fold) => fold.items);
  const bySize = [...items].sort((a, b) => bytes(a.markdown) - bytes(b.markdown));
  let room = base.max - bytes(nothing);
  const kept: FoldItem[] = [];
  for (const item of bySize) {
    room -= bytes(item.markdown) + 2;
    if (room > 0) kept.push(item);
  }
  // What folds take besides their items is only known when all is put together.
  for (; kept.length > 0; kept.pop()) {
    const text = assembled(base, folds, new Set(kept));
    if (fits(text, base.max)) return text;
  }
  return nothing;
}

function assembled(base: Base, folds: readonly Fold[], kept: ReadonlySet<FoldItem>): string {
  const { plan, view, form, changes, max } = base;
  const head = { timezone: view.timezone, isBrief: form.isBrief };
  const room = { bytes: Math.floor(max * form.findings), cwd: view.cwd };
  const text = blocks([
    `${marker(plan.name)}\n${summaryText(plan)}`,
    aboutText(plan, head),
    [...notices(plan, head), ...findings(plan.diagnostics, room)].join('\n'),
    changesTable(changes, form, view),
    driftTable(plan, form),
    leftOutText(base, folds, kept),
    ...folds.map((fold) => foldText(fold, (item) => kept.has(item))),
    digestText(plan),
  ]);
  return `${text}\n`;
}

function changesTable(changes: readonly Change[], { rows, named }: Form, { timezone }: MarkdownView): string {
  if (rows === 'changes') return changeRows(changes, timezone);
  return rows === 'blocks' ? blockRows(changes, timezone) : actionRows(changes, named);
}

function driftTable({ drift }: Plan, { rows, named }: Form): string {
  return rows === 'changes' ? driftRows(drift) : driftKindRows(drift, named);
}

function leftOutText(
  { changes, plan, form }: Base,
  folds: readonly Fold[],
  kept: ReadonlySet<FoldItem>,
): string {
  const missing = folds
    .map((fold) => [fold, countOf(fold.items.filter((item) => !kept.has(item)))] as const)
    .filter(([, count]) => count > 0)
    .map(([fold, count]) => fold.missing(count));
  if (form.rows !== 'changes') {
    if (plan.drift.length > 0) missing.unshift(`the rows of ${counted(plan.drift.length, 'finding')}`);
    if (changes.length > 0) missing.unshift(`the rows and details of ${counted(changes.length, 'change')}`);
  }
  return missing.length === 0 ? '' : `Left out for length: ${missing.join(', ')}; ${WHERE}.`;
}

function reversed(aliases: Readonly<Record<string, string>> | undefined): Map<string, string> {
  return new Map(Object.entries(aliases ?? {}).map(([alias, id]) => [id, alias]));
}
