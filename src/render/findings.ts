/**
 * Diagnostics → the findings that people read: errors first, and what differs in the occurrence alone is said once.
 * Pure; JSON keeps them all.
 *
 * Invariant: every diagnostic counts in exactly one finding, and nothing else of it is lost.
 */
import { parseOccurrence } from '../model/addresses.ts';
import type { Diagnostic } from '../model/errors.ts';
import { groupBy } from '../model/group.ts';
import { safeText } from '../model/safe-text.ts';
import { timeless } from './groups.ts';
import { counted, isNamedIn } from './phrases.ts';
import { saidTogether } from './said-together.ts';
import { shownTimes } from './shown-times.ts';

const SEVERITIES = ['error', 'warning', 'note'] as const;

/** The first one's words, and what they are about. */
export interface Finding extends Diagnostic {
  /** How many diagnostics it stands for. */
  readonly count: number;
  /** false: the words are those of the first, the others tell other times. */
  readonly isOfAll: boolean;
  /** The address without its time where there are several; absent: the message says it. Untrusted text. */
  readonly subject?: string;
}

/** Errors, then warnings, then notes, each in the order given; their times on the clock of `timezone`, where it is known. */
export function findingsOf(diagnostics: readonly Diagnostic[], timezone?: string): Finding[] {
  const groups = groupBy(diagnostics, (diagnostic) => likeness(diagnostic) ?? Symbol('of its own'));
  const all = [...groups.values()].map((group) => onClock(findingOf(group), timezone));
  return SEVERITIES.flatMap((severity) => all.filter((one) => one.severity === severity));
}

/** `, 7 occurrences`; empty of one. */
export function countText({ count, isOfAll }: Finding): string {
  return count === 1 ? '' : `, ${count} occurrences${isOfAll ? '' : ', of the first'}`;
}

/** How many diagnostics they stand for. */
export function countOf(findings: readonly Finding[]): number {
  return findings.reduce((sum, { count }) => sum + count, 0);
}

/** `2 errors, 1 note`, of all the diagnostics; `more`: stands before each word. */
export function severitiesText(findings: readonly Finding[], more = ''): string {
  return SEVERITIES.map(
    (severity) => [severity, countOf(findings.filter((one) => one.severity === severity))] as const,
  )
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => counted(count, `${more}${severity}`))
    .join(', ');
}

function findingOf(all: readonly Diagnostic[]): Finding {
  const first = all[0]!;
  const { address, message, hint } = first;
  const together = saidTogether(all.map((one) => one.message));
  const isOfAll = together !== null && all.every((one) => one.hint === hint);
  const finding = { ...first, message: isOfAll ? together : message, count: all.length, isOfAll };
  if (address === undefined) return finding;
  if (all.length > 1) return { ...finding, subject: parseOccurrence(address)?.base ?? address };
  const isNamed = isNamedIn(message, address) || isNamedIn(message, safeText(address, 120));
  return isNamed ? finding : { ...finding, subject: address };
}

function onClock(finding: Finding, timezone: string | undefined): Finding {
  const { message, hint } = finding;
  return {
    ...finding,
    message: shownTimes(message, timezone),
    ...(hint === undefined ? {} : { hint: shownTimes(hint, timezone) }),
  };
}

/** The same for all occurrences; null: it is about none. */
function likeness({ address, severity, code, message, hint = '', range }: Diagnostic): string | null {
  const base = address === undefined ? undefined : parseOccurrence(address)?.base;
  if (base === undefined) return null;
  return JSON.stringify([base, severity, code, timeless(message), timeless(hint), range]);
}
