/**
 * The plan as a comment on a pull request, in GitHub-flavoured Markdown: the summary first, then what to mind, then
 * the changes as a table, then details, folded. Pure.
 *
 * Invariant: it is shorter than the limit because whole rows and parts are left out and counted, never because one is
 * cut, and none is left out for which there is room; what is left out is said. The numbers are the plan's at every
 * length.
 */
import type { Desired } from '../../model/desired.ts';
import type { Change, Plan } from '../../model/plan.ts';
import { hasChanges } from '../../model/plan-summary.ts';
import type { ReviewLink } from '../../model/review-link.ts';
import { type ChangeRow, changeRows } from '../groups.ts';
import { counted } from '../phrases.ts';
import { zonesOf } from '../skipped.ts';
import { type ChangesForm, changesListing, countRows, tabledChanges, tableRows } from './changes-table.ts';
import { detailFolds } from './details.ts';
import { driftFold, driftListing } from './drift-table.ts';
import { type FindingsRoom, findingsIn, WHERE } from './findings.ts';
import {
  blocks,
  bytes,
  countOf,
  type Fold,
  type FoldItem,
  fits,
  foldText,
  type Listing,
  widest,
} from './fit.ts';
import {
  aboutText,
  digestText,
  linksText,
  notices,
  originText,
  outOfSightText,
  summaryText,
} from './head.ts';
import { type FoldedLists, foldedLists } from './lists.ts';
import { marker } from './marker.ts';

export interface MarkdownView {
  /** Unix seconds. */
  readonly now: number;
  /** An IANA zone. */
  readonly timezone: string;
  readonly aliases?: Desired['aliases'];
  /** Paths below this folder are shown relative to it. */
  readonly cwd?: string;
  /** Pages of the forge. */
  readonly links?: readonly ReviewLink[];
  /** The comment stays under it in characters, in UTF-16 code units and in UTF-8 bytes. At least 2000. */
  readonly maxLength?: number;
}

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

/** What the plan stands in. */
interface Frame {
  /** Before the summary. */
  readonly top: string;
  /** What is no summary, and need not be minded, is behind one line. */
  readonly isFolded: boolean;
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
/** The fewest bytes of a row, and of one in a list: no more of them than there can be room for are even tried. */
const SHORTEST_ROW = 40;
const SHORTEST_ENTRY = 5;

/** From the most telling to the shortest. */
interface Form extends ChangesForm {
  /** The most that counts of changes may take of the comment. */
  readonly counts: number;
  /** The first findings' share of it. */
  readonly findings: number;
}

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

/** Links are a convenience: where they would take much of the room there are none. */
function linksWithin(links: MarkdownView['links'], max: number): string {
  const text = linksText(links ?? []);
  return bytes(text) * 20 > max ? '' : text;
}

interface Told {
  readonly plan: Plan;
  readonly frame: Frame;
  /** In the order of the table. */
  readonly rows: readonly ChangeRow[];
  readonly digest: string;
}

interface Parts {
  readonly frame: Frame;
  readonly digest: string;
  readonly isBrief: boolean;
  readonly head: readonly string[];
  readonly notices: readonly string[];
  readonly findings: (room: FindingsRoom) => string[];
  /** Before any other takes room. */
  readonly firstFindings: FindingsRoom;
  readonly changes: Listing;
  readonly drift: Listing;
  readonly lists: FoldedLists;
  foldsFor(shown: number): Fold[];
}

/** What is told one by one. */
interface Shown {
  readonly findings: FindingsRoom;
  readonly changes: number;
  readonly drift: number;
  readonly lists: Readonly<Record<keyof FoldedLists, number>>;
  readonly folds: readonly Fold[];
  readonly kept: ReadonlySet<FoldItem>;
}

function nothingOf(parts: Parts): Shown {
  return {
    findings: { bytes: 0, most: 0 },
    changes: 0,
    drift: 0,
    lists: { skipped: 0, moves: 0, forgets: 0, unmanaged: 0, unchanged: 0 },
    folds: parts.foldsFor(0),
    kept: new Set(),
  };
}

function partsOf({ plan, rows, digest, frame }: Told, form: Form, view: MarkdownView, max: number): Parts {
  const head = { timezone: view.timezone, isBrief: form.isBrief };
  const context = {
    timezone: view.timezone,
    now: view.now,
    room: ROOM,
    fleetNames: reversed((view.aliases ?? plan.aliases)?.fleets),
    regionNames: reversed((view.aliases ?? plan.aliases)?.regions),
    zones: zonesOf(plan),
  };
  const tabled = tableRows(rows, context);
  return {
    frame,
    digest,
    isBrief: form.isBrief,
    head: [
      `${frame.top}${summaryText(plan)}`,
      aboutText(plan, head),
      form.isBrief ? '' : linksWithin(view.links, max),
    ],
    notices: notices(plan, head),
    findings: findingsIn(plan.diagnostics, view.cwd, view.timezone),
    firstFindings: { bytes: Math.floor(max * form.findings), most: FIRST_FINDINGS },
    changes: changesListing(tabled, form, context),
    drift: driftListing(plan.drift),
    lists: foldedLists(plan, context),
    foldsFor: (shown) => [
      ...detailFolds(rows, changesIn(tabled.slice(0, shown)), context),
      driftFold(plan.drift),
    ],
  };
}

function changesIn(rows: readonly ChangeRow[]): ReadonlySet<Change> {
  return new Set(rows.flat());
}

/** Columns of a value: code blocks scroll. */
const ROOM = 100;
const FIRST_FINDINGS = 20;

/** What matters most takes its room first; what is left goes to the next. */
function filled(parts: Parts, nothing: Shown, max: number): string {
  let shown = nothing;
  const add = (most: number, more: (count: number) => Partial<Shown>): void => {
    const isFitting = (count: number) => fits(assembled(parts, { ...shown, ...more(count) }), max);
    shown = { ...shown, ...more(widest(most, isFitting)) };
  };
  const rowsOf = ({ length }: Listing) => Math.min(length, Math.floor(max / SHORTEST_ROW));
  const addList = (name: keyof FoldedLists) =>
    add(Math.min(parts.lists[name].length, Math.floor(max / SHORTEST_ENTRY)), (count) => ({
      lists: { ...shown.lists, [name]: count },
    }));
  const { firstFindings } = parts;
  add(firstFindings.bytes, (room) => ({ findings: { ...firstFindings, bytes: room } }));
  add(rowsOf(parts.changes), (changes) => ({ changes }));
  addList('skipped');
  add(rowsOf(parts.drift), (drift) => ({ drift }));
  const { findings } = shown;
  add(max, (room) => (room === 0 ? {} : { findings: { bytes: findings.bytes + room, most: Infinity } }));
  addList('moves');
  addList('forgets');
  shown = { ...shown, folds: parts.foldsFor(shown.changes) };
  const details = inOrderOfSize(shown.folds);
  add(details.length, (count) => ({ kept: new Set(details.slice(0, count)) }));
  addList('unmanaged');
  addList('unchanged');
  return assembled(parts, shown);
}

/** The largest are left out first. */
function inOrderOfSize(folds: readonly Fold[]): FoldItem[] {
  const sized = folds.flatMap((fold) => fold.items).map((item) => [item, bytes(item.markdown)] as const);
  return sized.sort(([, a], [, b]) => a - b).map(([item]) => item);
}

function assembled(parts: Parts, shown: Shown): string {
  const { lists, digest, frame } = parts;
  const top = [...parts.head, [...parts.notices, ...parts.findings(shown.findings)].join('\n')];
  const changes = parts.changes.text(shown.changes);
  const others = [lists.skipped.text(shown.lists.skipped), parts.drift.text(shown.drift)];
  const leftOut = leftOutText(parts, shown);
  const folds = [
    ...shown.folds.map((fold) => foldText(fold, (item) => shown.kept.has(item))),
    ...LISTS.map((name) => lists[name].text(shown.lists[name])),
  ];
  const parted = frame.isFolded
    ? [...others, leftOut, folded([changes, ...folds])]
    : [changes, ...others, leftOut, ...folds];
  return `${blocks([...top, ...parted, digest])}\n`;
}

function folded(parts: readonly string[]): string {
  const inside = blocks(parts);
  return inside === ''
    ? ''
    : blocks(['<details>\n<summary>Changes and details</summary>', inside, '</details>']);
}

/** As they stand in the comment. */
const LISTS: readonly (keyof FoldedLists)[] = ['moves', 'forgets', 'unchanged', 'unmanaged'];

function leftOutText(parts: Parts, shown: Shown): string {
  const missing = [
    parts.changes.missing(shown.changes),
    parts.drift.missing(shown.drift),
    ...missingDetails(parts, shown),
    parts.lists.skipped.missing(shown.lists.skipped),
    ...LISTS.map((name) => parts.lists[name].missing(shown.lists[name])),
  ].filter((text) => text !== '');
  return missing.length === 0 ? '' : `Left out for length: ${missing.join(', ')}; ${WHERE}.`;
}

/** In the brief form one number tells of the changes, whatever their action. */
function missingDetails({ isBrief }: Parts, { folds, kept }: Shown): string[] {
  const missing = folds
    .map((fold) => [fold, fold.total - countOf(fold.items.filter((item) => kept.has(item)))] as const)
    .filter(([, count]) => count > 0);
  const ofChanges = missing.filter(([fold]) => fold.about === 'changes');
  const isOneNumber = isBrief && ofChanges.length > 1;
  const sum = ofChanges.reduce((all, [, count]) => all + count, 0);
  return [
    ...(isOneNumber ? [`the details of ${counted(sum, 'change')}`] : []),
    ...missing
      .filter(([fold]) => !isOneNumber || fold.about !== 'changes')
      .map(([fold, count]) => fold.missing(count)),
  ];
}

function reversed(aliases: Readonly<Record<string, string>> | undefined): Map<string, string> {
  return new Map(Object.entries(aliases ?? {}).map(([alias, id]) => [id, alias]));
}
