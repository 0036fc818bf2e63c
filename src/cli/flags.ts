/** How the values of flags are read; each throws what commander shows as a usage error. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../desired/duration.ts';
import { inRange, parseTime } from '../desired/time.ts';

export function collect(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), value];
}

export function variable(
  value: string,
  before: Readonly<Record<string, string>> | undefined,
): Record<string, string> {
  const at = value.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It has the form NAME=VALUE.');
  return { ...before, [value.slice(0, at)]: value.slice(at + 1) };
}

/** Seconds. */
export function duration(value: string): number {
  const seconds = parseDuration(value);
  if (seconds === undefined) throw new InvalidArgumentError('It is a duration such as 30s, 10m or 1h30m.');
  return seconds;
}

/** A flag whose value is read as seconds. `otherwise`: a duration, as it would be given. */
export function durationFlag(flags: string, description: string, otherwise: string): Option {
  return new Option(flags, description).argParser(duration).default(duration(otherwise), otherwise);
}

export function count(value: string): number {
  return wholeNumber(value, 1000);
}

/** At most a leap year of them. */
export function days(value: string): number {
  return wholeNumber(value, 366);
}

function wholeNumber(value: string, most: number): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= 1 && number <= most) return number;
  throw new InvalidArgumentError(`It is a whole number from 1 to ${most}.`);
}

export function port(value: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number > 65_535)
    throw new InvalidArgumentError('It is a port from 0 to 65535.');
  return number;
}

/** Unix seconds. */
export function moment(value: string): number {
  const parsed = /^\d{1,10}$/.test(value) ? inRange(Number(value)) : parseTime(value);
  if ('seconds' in parsed) return parsed.seconds;
  throw new InvalidArgumentError(
    `It ${parsed.problem}; write it like 2026-12-01T03:00:00Z, or as unix seconds.`,
  );
}

export function oneOf(...words: readonly string[]): (value: string) => string {
  const last = words.slice(-2).join(' or ');
  return (value) => {
    if (words.includes(value)) return value;
    throw new InvalidArgumentError(`It is ${[...words.slice(0, -2), last].join(', ')}.`);
  };
}

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

export function logLevel(): Option {
  return new Option('--log-level <level>', 'how much to say on stderr')
    .choices([...LEVELS])
    .argParser(oneOf(...LEVELS))
    .default('info');
}

/**
 * The first flag that was given as nothing (`-f ""`): a variable of a pipeline that is not set, and never what is
 * meant. undefined: none.
 */
export function emptyFlag(command: Command, flags: Readonly<Record<string, unknown>>): string | undefined {
  for (let one: Command | null = command; one !== null; one = one.parent) {
    const empty = one.options.find((option) => {
      const value = flags[option.attributeName()];
      return value === '' || (Array.isArray(value) && value.includes(''));
    });
    if (empty !== undefined) return empty.long ?? empty.flags;
  }
  return undefined;
}

/** A command's flags with those given before its name: `fleetform --chdir live plan`. The nearer one counts. */
export function mergedFlags(command: Command): Record<string, unknown> {
  const merged: Record<string, unknown> = command.opts();
  for (let outer = command.parent; outer !== null; outer = outer.parent) {
    for (const [name, value] of Object.entries(outer.opts())) {
      if (outer.getOptionValueSource(name) !== 'cli') continue;
      const own = command.getOptionValueSource(name) === 'cli' ? merged[name] : undefined;
      if (own === undefined) merged[name] = value;
      else if (Array.isArray(own) && Array.isArray(value)) merged[name] = [...value, ...own];
      else if (isRecord(own) && isRecord(value)) merged[name] = { ...value, ...own };
    }
  }
  return merged;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
