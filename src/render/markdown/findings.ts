/** Errors and warnings, on top of the comment: the first ones in words, the others counted. */
import type { Diagnostic } from '../../model/errors.ts';
import { relativePath } from '../diagnostics.ts';
import { countText, type Finding, findingsOf, severitiesText } from '../findings.ts';
import { code, prose } from './escape.ts';
import { bytes, lazily } from './fit.ts';

export interface FindingsRoom {
  /** UTF-8 bytes. */
  readonly bytes: number;
  /** Findings in words. */
  readonly most: number;
}

/** Items of a list, errors first: as many as there is room for. Paths below `cwd` are shown relative to it. */
export function findingsIn(
  diagnostics: readonly Diagnostic[],
  cwd: string | undefined,
  timezone?: string,
): (room: FindingsRoom) => string[] {
  const ordered = findingsOf(diagnostics, timezone);
  const texts = LENGTHS.map((longest) => lazily(ordered, (one) => itemOf(one, longest, cwd)));
  return (room) => {
    const items: string[] = [];
    let left = room.bytes;
    for (let at = 0; at < Math.min(ordered.length, room.most); at += 1) {
      const item = texts.flatMap((of) => of(at, at + 1)).find((text) => bytes(text) <= left);
      if (item === undefined) break;
      left -= bytes(item) + 1;
      items.push(item);
    }
    const rest = ordered.slice(items.length);
    if (rest.length > 0) items.push(`- ${severitiesText(rest, items.length > 0 ? 'more ' : '')}: ${WHERE}.`);
    return items;
  };
}

/** Where all of a plan is to be seen. */
export const WHERE = 'see the page (`--html`) or `fleetform show PLANFILE --json`';

/** UTF-16 code units of a message, and of its hint. */
const LENGTHS: readonly { readonly message: number; readonly hint: number }[] = [
  { message: 500, hint: 400 },
  { message: 160, hint: 0 },
];

function itemOf(finding: Finding, longest: (typeof LENGTHS)[number], cwd: string | undefined): string {
  const { severity, message, hint, range } = finding;
  const subject = finding.subject === undefined ? '' : `${code(finding.subject)}${countText(finding)}: `;
  const sentence = `- **${severity}:** ${subject}${prose(message, longest.message)}`;
  const place =
    range === undefined
      ? ''
      : ` (${code(`${relativePath(range.file, cwd)}:${range.line}:${range.column}`, 160)})`;
  const advice = hint === undefined || longest.hint === 0 ? '' : `\n  Hint: ${prose(hint, longest.hint)}`;
  return sentence + place + advice;
}
