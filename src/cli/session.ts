/** What every command works with: the outside world, passed in, and the flags that all commands share. */
import { stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { type Diagnostic, FleetformError } from '../model/errors.ts';
import type { Redactor } from '../model/redactor.ts';
import { legible, safeJson } from '../model/safe-text.ts';

export interface World {
  /** Throws what the system says where that folder is gone. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface SharedFlags {
  readonly file?: readonly string[];
  readonly chdir?: string;
  readonly var?: Readonly<Record<string, string>>;
  readonly apiUrl?: string;
  readonly color: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly logLevel: LogLevel;
}

export interface Session {
  readonly world: World;
  readonly flags: SharedFlags;
  /** The folder that the command works in: `--chdir`, or the current one. */
  readonly cwd: string;
  readonly isDebug: boolean;
  /** Knows every credential of this process; the streams of `world` are behind it already. */
  readonly redactor: Redactor;
  /** Columns of the screen; 100 where nobody says. */
  readonly width: number;
  /** false: what goes to stdout is read by a program, or later: nothing of it is cut to the width. */
  readonly mayCut: boolean;
  readonly outColor: boolean;
  readonly errColor: boolean;
  /** The IANA zone of this machine. */
  readonly localZone: string;
  /** Under --json: how errors are told on stdout. A command that writes lines puts its own way here. */
  tellErrors: (diagnostics: readonly Diagnostic[]) => void;
  /** An error that changes nothing of what was done: it is told when everything else has been. */
  tellLast(error: FleetformError): void;
  /** Those that were, for the exit code. */
  readonly last: readonly FleetformError[];
  /** To stdout: results, for people. */
  print(text: string): void;
  /** To stdout: a document; `text` is one already. */
  printJson(value: unknown): void;
  printJsonText(text: string): void;
  /** To stdout, to the byte: what a program takes as its input, and nobody as a report. */
  printExact(text: string): void;
  /** To stderr: progress and remarks; silent under --quiet. */
  remark(text: string): void;
  /** To stderr: what must not be missed. */
  warn(text: string): void;
}

/** Throws `cli.usage` when there is no such folder as --chdir names. */
export async function openSession(world: World, flags: SharedFlags, redactor: Redactor): Promise<Session> {
  const { stdout, stderr, env } = world;
  const cwd = folderOf(world, flags);
  if (flags.chdir !== undefined) await checkFolder(cwd, flags.chdir);
  const outColor = wantsColor(stdout, flags, env);
  const errColor = wantsColor(stderr, flags, env);
  let localZone: string | undefined;
  const last: FleetformError[] = [];
  const printJsonText = (text: string) => stdout.write(safeJson(text));
  return {
    world,
    flags,
    cwd,
    isDebug: flags.logLevel === 'debug',
    redactor,
    width: stdout.isTTY ? Math.max(NARROWEST, stdout.columns || 80) : 100,
    mayCut: Boolean(stdout.isTTY),
    outColor,
    errColor,
    // Asked for when a time is shown: Intl takes as long to load as many a command.
    get localZone() {
      localZone ??= zoneOf(env);
      return localZone;
    },
    tellErrors: (diagnostics) => printJsonText(`${JSON.stringify({ diagnostics }, null, 2)}\n`),
    tellLast: (error) => void last.push(error),
    last,
    print: (text) => stdout.write(legible(text, outColor)),
    printJson: (value) => printJsonText(`${JSON.stringify(value, null, 2)}\n`),
    printJsonText,
    printExact: (text) => stdout.write(text),
    remark(text) {
      const isWanted = flags.quiet !== true && flags.logLevel !== 'error' && flags.logLevel !== 'warn';
      if (isWanted) stderr.write(legible(text, errColor));
    },
    warn: (text) => stderr.write(legible(text, errColor)),
  };
}

/** Columns below which nothing is laid out any more. */
const NARROWEST = 20;

/** What is named from the root needs no other folder to stand in. */
function folderOf(world: World, { chdir }: SharedFlags): string {
  if (chdir === undefined) return world.cwd;
  return isAbsolute(chdir) ? resolve(chdir) : resolve(world.cwd, chdir);
}

async function checkFolder(path: string, written: string): Promise<void> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) {
    throw usageError(
      `--chdir ${written}: there is no such folder`,
      `Nothing was done. It is taken from the folder that you are in: ${path} would have to be there.`,
    );
  }
}

/** https://no-color.org: any value but an empty one. FORCE_COLOR is what CI systems set to ask for it. */
function wantsColor(stream: NodeJS.WriteStream, flags: SharedFlags, env: World['env']): boolean {
  if (!flags.color || env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return Boolean(stream.isTTY) && env.TERM !== 'dumb';
}

function zoneOf({ TZ }: World['env']): string {
  return TZ && isZone(TZ) ? TZ : Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Where commander has found it: no command has begun. */
export const SEE_HELP =
  'Nothing was done. `fleetform --help` lists the commands, `fleetform COMMAND --help` their flags.';

export function usageError(message: string, hint: string): FleetformError {
  return new FleetformError('cli.usage', message, { hint });
}
