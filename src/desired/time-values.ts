/** The values of a file that are about time: their nodes → seconds, zones, expressions. What is wrong is told here. */
import { parseCron } from '../schedule/cron.ts';
import { zoneProblem } from '../schedule/zone.ts';
import { parseDuration } from './duration.ts';
import type { Problems } from './problems.ts';
import type { ScalarNode, SourceFile, SourceNode } from './source.ts';
import { inRange, parseDayOrTime, parseTime } from './time.ts';
import { type Path, said, subject } from './words.ts';

/** What a duration may be, in seconds and in words. */
export interface DurationBounds {
  readonly least: number;
  readonly most: number;
  readonly words: string;
}

/** Of what happens again and again: a year has all of it. */
export const MINUTE_TO_YEAR: DurationBounds = { least: 60, most: 366 * 86_400, words: 'from 1m to 366d' };

/**
 * Each answers undefined for what is not there or can't be read; unreadable is told, here or by the schema. That a zone
 * is unknown, or that an expression names no day at all, takes long to find out: not for what nobody would be told.
 */
export class TimeValues {
  readonly #file: SourceFile;
  readonly #problems: Problems;

  constructor(file: SourceFile, problems: Problems) {
    this.#file = file;
    this.#problems = problems;
  }

  /** RFC 3339 with an offset, or unix seconds. */
  time(node: SourceNode | undefined, path: Path): number | undefined {
    const value = this.#readable(node);
    if (value === undefined) return undefined;
    const isInteger = typeof value.value === 'number';
    const isDecimal = /^-?[0-9]+$/.test(value.text);
    if (isInteger && !isDecimal)
      return this.#wrongTime(value, path, '; expected unix seconds in decimal digits');
    const parsed = typeof value.value === 'number' ? inRange(value.value) : parseTime(value.text);
    if ('seconds' in parsed) return parsed.seconds;
    const hint = parsed.problem.includes('offset')
      ? `Add an offset: Z for UTC, or one such as +01:00.`
      : isDecimal && !isInteger
        ? 'Write unix seconds without quotes.'
        : undefined;
    return this.#wrongTime(
      value,
      path,
      `, which ${parsed.problem}; expected RFC 3339 with an offset such as 2026-12-01T03:00:00Z, or unix seconds as an integer`,
      hint,
    );
  }

  /** A day (`2026-12-25`), as it is written, or the moment of a time with an offset. */
  dayOrTime(node: SourceNode | undefined, path: Path): string | number | undefined {
    const value = this.#readable(node);
    if (typeof value?.value !== 'string') return undefined;
    const parsed = parseDayOrTime(value.text);
    if ('day' in parsed) return parsed.day;
    if ('seconds' in parsed) return parsed.seconds;
    return this.#wrongTime(
      value,
      path,
      `, which ${parsed.problem}; expected a day such as 2026-12-25, or RFC 3339 with an offset such as 2026-12-01T03:00:00Z`,
    );
  }

  duration(node: SourceNode | undefined, path: Path, bounds: DurationBounds): number | undefined {
    const value = this.#readable(node);
    const seconds = value === undefined ? undefined : parseDuration(value.text);
    if (value === undefined || seconds === undefined) return undefined;
    if (seconds >= bounds.least && seconds <= bounds.most) return seconds;
    this.#error(value, 'desired.invalid-value', `${is(path, value)}; expected a duration ${bounds.words}`);
    return undefined;
  }

  zone(node: SourceNode | undefined, path: Path): string | undefined {
    const value = this.#readable(node);
    if (typeof value?.value !== 'string' || this.#problems.isFull) return undefined;
    const wrong = zoneProblem(value.text);
    if (wrong === null) return value.text;
    this.#error(value, 'desired.invalid-value', `${is(path, value)}, which ${wrong.problem}`, wrong.hint);
    return undefined;
  }

  /** In its plain form. */
  cron(node: SourceNode | undefined, path: Path): string | undefined {
    const value = this.#readable(node);
    if (typeof value?.value !== 'string' || this.#problems.isFull) return undefined;
    const parsed = parseCron(value.text, 'UTC');
    if ('cron' in parsed) return parsed.cron;
    this.#error(value, 'desired.cron', `${is(path, value)}, which ${parsed.problem}`, parsed.hint);
    return undefined;
  }

  #readable(node: SourceNode | undefined): ScalarNode | undefined {
    return node?.kind === 'scalar' && !this.#problems.isBlamed(node) ? node : undefined;
  }

  #wrongTime(node: ScalarNode, path: Path, rest: string, hint?: string): undefined {
    this.#error(node, 'desired.time', `${is(path, node)}${rest}`, hint);
    return undefined;
  }

  #error(node: ScalarNode, code: string, message: string, hint?: string): void {
    this.#problems.error(this.#file, node, { code, message, hint });
  }
}

function is(path: Path, value: ScalarNode): string {
  return `${subject(path)} is ${said(value)}`;
}
