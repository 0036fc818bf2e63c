/** How the values of flags are read; each throws what commander shows as a usage error. */
import { InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../desired/duration.ts';

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

export function count(value: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < 1 || number > 1000) {
    throw new InvalidArgumentError('It is a whole number from 1 to 1000.');
  }
  return number;
}

export function port(value: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number > 65_535)
    throw new InvalidArgumentError('It is a port from 0 to 65535.');
  return number;
}

export const logLevel = new Option('--log-level <level>', 'how much to say on stderr')
  .choices(['debug', 'info', 'warn', 'error'])
  .default('info');
