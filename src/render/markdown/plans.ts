/**
 * Several plans as one comment: a table of what each comes to, then a section each, in the order given. Pure.
 *
 * Invariant: the table has every plan, with its counts, its errors and its whole digest, at every length. What room is
 * left is shared out evenly; a section that needs less leaves the rest to the others. One that has no room is named.
 */
import type { Diagnostic } from '../../model/errors.ts';
import type { Plan } from '../../model/plan.ts';
import { planDigest } from '../../model/plan-text.ts';
import { counted } from '../phrases.ts';
import { planVerdict } from '../plan-verdict.ts';
import { type MarkdownView, renderSection, shortestSection } from './comment.ts';
import { cellCode, code } from './escape.ts';
import { findingsIn } from './findings.ts';
import { blocks, bytes, table } from './fit.ts';
import { linksText } from './head.ts';
import { marker, plansMarker } from './marker.ts';
import { MOST_PLANS } from './most-plans.ts';

export interface NamedPlan {
  /** Where it was read: relative to the working folder. */
  readonly file: string;
  readonly plan: Plan;
}

/** No plan could be made, or read. */
export interface NamedFailure extends Partial<Pick<Plan, 'mode' | 'at' | 'scope'>> {
  readonly file: string;
  readonly plan: null;
  readonly name: string | null;
  readonly api: string | null;
  readonly diagnostics: readonly Diagnostic[];
}

export type Entry = NamedPlan | NamedFailure;

/** `timezone`: of a plan that names none. */
export type PlansView = Pick<MarkdownView, 'timezone' | 'cwd' | 'links' | 'maxLength'>;

/** Ends with a line break. Throws a RangeError for more than `MOST_PLANS`, or less than 600 bytes for each. */
export function renderPlans(entries: readonly Entry[], view: PlansView): string {
  const max = view.maxLength ?? LONGEST;
  if (entries.length > MOST_PLANS || max < 600 * Math.max(4, entries.length)) {
    throw new RangeError(`${entries.length} plans have no room in ${max} bytes`);
  }
  const titles = titlesOf(entries);
  const head = [64, 20]
    .map((name) => headOf(entries, titles, name, view, max))
    .find((text, index) => index === 1 || bytes(text) * 2 < max)!;
  const sections = entries.map((entry, index) => sectionOf(entry, titles[index]!, view));
  const room = max - bytes(head) - LEFT_OUT;
  const texts = shared(sections, room);
  return `${blocks([head, leftOutText(titles, texts), ...texts.map((text) => text.trimEnd())])}\n`;
}

const LONGEST = 60_000;
/** Bytes of what says which sections are left out, and of the last line breaks. */
const LEFT_OUT = 200;
/** Bytes of a section that can tell of changes one by one. */
const ROOMY = 2000;

/** By name; by file, too, where others have the same name, or it is not known. */
interface Title {
  readonly name: string | null;
  readonly file: string | null;
}

function titlesOf(entries: readonly Entry[]): Title[] {
  const names = entries.map((entry) => (entry.plan === null ? entry.name : entry.plan.name) || null);
  return entries.map(({ file }, index) => {
    const name = names[index]!;
    const isOnly = name !== null && names.indexOf(name) === names.lastIndexOf(name);
    return { name, file: isOnly ? null : file };
  });
}

function titleText({ name, file }: Title, longest: number, quote: typeof code): string {
  const parts = [name, file].flatMap((part) => (part === null ? [] : [quote(part, longest)]));
  return parts.length === 2 ? `${parts[0]} (${parts[1]})` : parts.join('');
}

function headOf(
  entries: readonly Entry[],
  titles: readonly Title[],
  longest: number,
  { links = [] }: PlansView,
  max: number,
): string {
  const rows = entries.map((entry, index) => {
    const title = titleText(titles[index]!, longest, cellCode);
    if (entry.plan === null) return [title, `**no plan: ${counted(errorsIn(entry), 'error')}**`, ''];
    return [title, resultText(entry.plan), cellCode(planDigest(entry.plan), 80)];
  });
  const linked = linksText(links);
  return blocks([
    `${markerOf(entries)}\n${totalText(entries)}`,
    bytes(linked) * 20 > max ? '' : linked,
    table(['Desired state', 'Plan', 'Digest'], rows),
  ]);
}

/** One that failed alone is told where its plan will be, if it is known which. */
function markerOf(entries: readonly Entry[]): string {
  const [first] = entries;
  if (entries.length === 1 && first?.plan === null) {
    const { name, api, mode, at, scope } = first;
    const isKnown =
      name !== null && api !== null && mode !== undefined && at !== undefined && scope !== undefined;
    if (isKnown) return marker({ name, api, mode, at, scope });
  }
  return plansMarker(entries.map(({ file }) => file));
}

function totalText(entries: readonly Entry[]): string {
  const verdicts = entries.map(({ plan }) => (plan === null ? null : planVerdict(plan)));
  const failed = verdicts.filter((verdict) => verdict === null || verdict.errors > 0).length;
  const changing = verdicts.filter((verdict) => verdict?.isChanging === true).length;
  return `**${counted(entries.length, 'plan')}: ${changing} with changes, ${failed} with errors.**`;
}

function resultText(plan: Plan): string {
  const { errors, counts, remarks } = planVerdict(plan);
  const alarm = errors === 0 ? [] : [`**${counted(errors, 'error')}: nothing will be applied**`];
  return [...alarm, ...counts, ...remarks].join(', ');
}

function errorsIn({ diagnostics }: Pick<Plan, 'diagnostics'>): number {
  return diagnostics.filter(({ severity }) => severity === 'error').length;
}

/** At a length → a section that is shorter, or is empty. */
type Section = (max: number) => string;

function sectionOf(entry: Entry, title: Title, view: PlansView): Section {
  const heading = titleText(title, 64, code);
  if (entry.plan === null) return failedSection(entry, heading, view);
  const { plan } = entry;
  const own = {
    now: Date.parse(plan.at ?? plan.plannedAt) / 1000,
    timezone: plan.timezone ?? view.timezone,
    ...(view.cwd === undefined ? {} : { cwd: view.cwd }),
  };
  return (max) => {
    if (max >= ROOMY) return renderSection(plan, { ...own, maxLength: max }, heading);
    const text = shortestSection(plan, own, heading);
    return bytes(text) < max ? text : '';
  };
}

function failedSection({ diagnostics }: NamedFailure, heading: string, { cwd }: PlansView): Section {
  const count = errorsIn({ diagnostics });
  const head = `### ${heading}\n\n**${counted(count, 'error')}: no plan could be made.**`;
  const findings = findingsIn(diagnostics, cwd);
  return (max) => {
    const room = max - bytes(head) - ROOM_TO_COUNT;
    if (room < 0) return '';
    return `${blocks([head, findings({ bytes: room, most: MOST_FINDINGS }).join('\n')])}\n`;
  };
}

/** Bytes of the line that counts the findings that are left out. */
const ROOM_TO_COUNT = 200;
const MOST_FINDINGS = 50;

/** Who needs less than an even share gets all; the others share what is left. */
function shared(sections: readonly Section[], room: number): string[] {
  const whole = sections.map((section) => section(Math.max(room, 0)));
  let left = room;
  let waiting = sections.length;
  for (const need of whole.map((text) => bytes(text) + GAP).sort((a, b) => a - b)) {
    if (need * waiting > left) break;
    left -= need;
    waiting -= 1;
  }
  if (waiting === 0) return whole;
  const share = Math.floor(left / waiting) - GAP;
  return sections.map((section, index) => {
    const text = whole[index]!;
    return bytes(text) <= share && text !== '' ? text : section(share);
  });
}

/** Bytes between sections. */
const GAP = 2;

function leftOutText(titles: readonly Title[], texts: readonly string[]): string {
  const missing = titles.filter((_, index) => texts[index] === '').length;
  if (missing === 0) return '';
  return `Left out for length: the sections of ${counted(missing, 'plan')}; see \`fleetform show PLANFILE\`.`;
}
