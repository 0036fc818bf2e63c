/** A plan → the parts of its comment, each of which can be told in more or fewer of its rows. Pure. */
import type { Desired } from '../../model/desired.ts';
import type { Change, Plan } from '../../model/plan.ts';
import type { ReviewLink } from '../../model/review-link.ts';
import type { ChangeRow } from '../groups.ts';
import { zonesOf } from '../skipped.ts';
import { type ChangesForm, changesListing, tableRows } from './changes-table.ts';
import { detailFolds } from './details.ts';
import { driftFold, driftListing } from './drift-table.ts';
import { type FindingsRoom, findingsIn } from './findings.ts';
import { bytes, type Fold, type Listing } from './fit.ts';
import { aboutText, linksText, notices, summaryText } from './head.ts';
import { type FoldedLists, foldedLists } from './lists.ts';

/** By which clock, in which words and how long a comment is written. */
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

/** What the plan stands in. */
export interface Frame {
  /** Before the summary. */
  readonly top: string;
  /** What is no summary, and need not be minded, is behind one line. */
  readonly isFolded: boolean;
}

/** How much is told of each. */
export interface Form extends ChangesForm {
  /** The most that counts of changes may take of the comment. */
  readonly counts: number;
  /** The first findings' share of it. */
  readonly findings: number;
}

interface Told {
  readonly plan: Plan;
  readonly frame: Frame;
  /** In the order of the table. */
  readonly rows: readonly ChangeRow[];
  readonly digest: string;
}

export interface Parts {
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

export function partsOf(
  { plan, rows, digest, frame }: Told,
  form: Form,
  view: MarkdownView,
  max: number,
): Parts {
  const head = { timezone: view.timezone, isBrief: form.isBrief };
  const context = {
    timezone: view.timezone,
    now: view.now,
    room: ROOM,
    fleetNames: reversed((view.aliases ?? plan.aliases)?.fleets),
    regionNames: reversed((view.aliases ?? plan.aliases)?.regions),
    zones: zonesOf(plan, view.timezone),
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

/** Links are a convenience: where they would take much of the room there are none. */
export function linksWithin(links: MarkdownView['links'], max: number): string {
  const text = linksText(links ?? []);
  return bytes(text) * 20 > max ? '' : text;
}

function reversed(aliases: Readonly<Record<string, string>> | undefined): Map<string, string> {
  return new Map(Object.entries(aliases ?? {}).map(([alias, id]) => [id, alias]));
}
