/**
 * The plan on screen, after Terraform's habits: what changes, block by block, then what is left alone, what to mind,
 * and one closing line. Pure: the present, the zone and the width are arguments.
 */
import { baseOf, blockOf } from '../model/addresses.ts';
import type { Desired } from '../model/desired.ts';
import { groupBy } from '../model/group.ts';
import type { Plan, UnmanagedBatch } from '../model/plan.ts';
import { safeText } from '../model/safe-text.ts';
import { besideOrBelow, changeLines, roomForValues, unchangedLines } from './change.ts';
import type { ChangeContext } from './change-brief.ts';
import { changeGroups } from './change-groups.ts';
import { type Paint, painter } from './color.ts';
import { renderDiagnostics } from './diagnostics.ts';
import { displayWidth, wrap } from './display-width.ts';
import { driftLines } from './drift.ts';
import { zoneOf } from './group-attributes.ts';
import { changeRows, moveRows, movesText } from './groups.ts';
import { counted } from './phrases.ts';
import { type SkippedGroup, skippedGroups, skippedWords, zonesOf } from './skipped.ts';
import { planSummaryLines } from './summary.ts';
import { type Room, tableLines } from './table.ts';
import { formatTime } from './time.ts';

export interface PlanView extends Room {
  /** Unix seconds. */
  readonly now: number;
  readonly color: boolean;
  /** An IANA zone. */
  readonly timezone: string;
  /** Leave out what stays as it is, and say the rest as briefly as can be. */
  readonly concise?: boolean;
  /** Not a word of the batches that are not fleetform's; `concise` only counts them. */
  readonly quiet?: boolean;
  /** Only what it comes to. */
  readonly isSummary?: boolean;
  readonly aliases?: Desired['aliases'];
  /** What is not in the plan may be otherwise. Default: when something was selected. */
  readonly isPart?: boolean;
  /** false: the caller shows them elsewhere. */
  readonly diagnostics?: boolean;
  /** Paths below this folder are shown relative to it. */
  readonly cwd?: string;
}

/** Sections parted by empty lines; ends with a line break. */
export function renderPlan(plan: Plan, view: PlanView): string {
  const paint = painter(view.color);
  if (view.isSummary === true) return `${planSummaryLines(plan, paint, view.isPart).join('\n')}\n`;
  const context: ChangeContext = {
    paint,
    now: view.now,
    width: view.width,
    timezone: view.timezone,
    room: roomForValues(view.width),
    fleetNames: reversed((view.aliases ?? plan.aliases)?.fleets),
    regionNames: reversed((view.aliases ?? plan.aliases)?.regions),
    zones: zonesOf(plan, view.timezone),
    ...targetsIn(plan),
    isListed: true,
    ...(view.concise === undefined ? {} : { isConcise: view.concise }),
  };
  const sections = [
    headLines(plan, view, paint),
    ...changeSections(plan, context),
    moveLines(plan, view, paint),
    driftLines(plan.drift, view, paint),
    view.concise === true ? [] : unchangedSection(plan, context, view),
    unmanagedLines(plan.unmanaged, view, paint),
    diagnosticLines(plan, view),
    summaryLines(plan, view, paint),
  ];
  const shown = sections.filter((lines) => lines.length > 0);
  return `${shown.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** One line where scripts look for it; on a screen it is broken at words. */
function summaryLines(plan: Plan, { isPart, width, mayCut }: PlanView, paint: Paint): string[] {
  const lines = planSummaryLines(plan, paint, isPart);
  return mayCut === true ? lines.flatMap((line) => wrap(line, width)) : lines;
}

/** Of a part of a plan nobody knows what else there is. */
function targetsIn({ changes, scope }: Plan): Pick<ChangeContext, 'targetsOf'> {
  if (scope.targets.length + scope.excludes.length > 0) return {};
  const wanted = changes.filter(({ action }) => action !== 'forget');
  const blocks = groupBy(new Set(wanted.map(({ address }) => baseOf(address))), (base) => blockOf(base));
  return { targetsOf: new Map([...blocks].map(([block, bases]) => [block, bases.length])) };
}

/** More unchanged batches than this are counted instead of listed. */
const UNCHANGED_SHOWN = 10;
const UNMANAGED_SHOWN = 10;

function headLines(plan: Plan, view: PlanView, paint: Paint): string[] {
  const { batches, tasks, complete } = plan.observation;
  const mode =
    plan.mode === 'destroy'
      ? `, ${paint('red', 'to be destroyed')}`
      : plan.mode === 'refresh-only'
        ? ', what has changed outside fleetform'
        : '';
  const seen = `${counted(batches, 'batch', 'batches')} and ${counted(tasks, 'task')} seen`;
  const limit = complete ? '' : '; the list is full, older batches are out of sight';
  const planned = `planned ${timeText(plan.plannedAt, view)}`;
  const whatIf =
    plan.at === null
      ? []
      : [paint('yellow', `preview of the plan at ${timeText(plan.at, view)}; it cannot be applied`)];
  return [
    ...wrap(`${paint('bold', safeText(plan.name, 80))} at ${safeText(plan.api, 200)}${mode}`, view.width),
    ...whatIf.flatMap((line) => wrap(line, view.width)),
    ...wrap(`${planned}, ${seen}${limit}`, view.width).map((line) => paint('dim', line)),
  ];
}

function timeText(rfc3339: string, { timezone }: PlanView): string {
  const seconds = Date.parse(rfc3339) / 1000;
  return Number.isFinite(seconds) ? formatTime(seconds, timezone) : 'at an unknown time';
}

/** What a freeze leaves out stands below the last of what is done with its block. */
function changeSections(plan: Plan, context: ChangeContext): string[][] {
  const done = plan.changes.filter(({ action }) => action !== 'no-op' && action !== 'forget');
  const groups = changeGroups(changeRows(done));
  const last = new Map(groups.map((group) => [blockOf(group[0][0].address), group]));
  const skipped = groupBy(skippedGroups(plan.skipped), ({ block }) => block);
  const linesOf = (frozen: readonly SkippedGroup[] = []) =>
    frozen.flatMap((group) => skippedLines(group, context));
  return [
    ...groups.map((group) => {
      const block = blockOf(group[0][0].address);
      const isLast = last.get(block) === group;
      return [...changeLines(group, context), ...(isLast ? linesOf(skipped.get(block)) : [])];
    }),
    [...skipped].filter(([block]) => !last.has(block)).flatMap(([, frozen]) => linesOf(frozen)),
  ];
}

/** `  nightly-restart  2 skipped: 12 and 13 Dec (finals, until 14 Dec 01:00)` */
function skippedLines(group: SkippedGroup, context: ChangeContext): string[] {
  const { now, timezone: reader } = context;
  const view = { timezone: zoneOf(group.block, context), now, reader };
  const { count, when, until, doubt } = skippedWords(group, view);
  const freeze = safeText(group.freeze, 80);
  const text = `${count}: ${when} (${freeze}, ${until})${doubt === '' ? '' : `; ${doubt}`}`;
  const name = safeText(group.block, 200);
  const room = context.width - INDENT;
  const isLong = displayWidth(name) + 2 + displayWidth(text) > room;
  const lines = wrap(text, room).map((line) => context.paint('yellow', line));
  const head = `  ${context.paint('yellow', 'o')} ${context.paint('bold', name)}`;
  const below = ' '.repeat(INDENT);
  return isLong ? [head, ...lines.map((line) => below + line)] : [`${head}  ${lines.join('')}`];
}

/** Columns before what stands below a name. */
const INDENT = 6;

function moveLines(plan: Plan, view: PlanView, paint: Paint): string[] {
  return moveRows(plan.moves).flatMap((row) => {
    const name = `${paint('cyan', '>')} ${paint('bold', safeText(row.from, 200))}`;
    return besideOrBelow(name, paint('dim', `${movesText(row)} ${safeText(row.to, 200)}`), 2, view);
  });
}

function unchangedSection(plan: Plan, context: ChangeContext, view: PlanView): string[] {
  const unchanged = plan.changes.filter((change) => change.action === 'no-op');
  const rows = changeRows(unchanged);
  if (rows.length <= UNCHANGED_SHOWN) return rows.flatMap((row) => unchangedLines(row, context, view.mayCut));
  return [context.paint('dim', `    ${unchanged.length} batches are unchanged.`)];
}

function unmanagedLines(unmanaged: readonly UnmanagedBatch[], view: PlanView, paint: Paint): string[] {
  if (unmanaged.length === 0 || view.quiet === true) return [];
  const head = `${counted(unmanaged.length, 'unmanaged batch', 'unmanaged batches')}, left alone`;
  if (view.concise === true) return wrap(`${head}.`, view.width).map((line) => paint('dim', line));
  const rest = unmanaged.length - UNMANAGED_SHOWN;
  return [
    ...wrap(`${head}:`, view.width),
    ...unmanagedTable(unmanaged.slice(0, UNMANAGED_SHOWN), view, paint),
    ...(rest > 0 ? [`  … and ${rest} more`] : []),
  ];
}

/** One row per batch: id, phase, template, tasks, time. */
export function unmanagedTable(
  unmanaged: readonly UnmanagedBatch[],
  view: Room & { readonly timezone: string },
  paint: Paint,
): string[] {
  const rows = unmanaged.map((batch) => [
    { text: safeText(batch.batchId, 24) },
    { text: batch.phase },
    { text: batch.template === null ? 'template unknown' : safeText(batch.template, 120) },
    { text: counted(batch.numTasks, 'task') },
    { text: batch.executeAt === null ? 'once' : formatTime(batch.executeAt, view.timezone) },
  ]);
  return tableLines(rows, { ...view, paint, indent: 2, flexible: [2] });
}

function diagnosticLines(plan: Plan, view: PlanView): string[] {
  if (view.diagnostics === false) return [];
  const text = renderDiagnostics(plan.diagnostics, {
    color: view.color,
    width: view.width,
    timezone: view.timezone,
    ...(view.cwd === undefined ? {} : { cwd: view.cwd }),
  });
  return text === '' ? [] : [text.trimEnd()];
}

function reversed(aliases: Readonly<Record<string, string>> | undefined): Map<string, string> {
  return new Map(Object.entries(aliases ?? {}).map(([alias, id]) => [id, alias]));
}
