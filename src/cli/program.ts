/**
 * Runs one command line. Every error ends up here: a user's error becomes words, a bug is called a bug, and nothing
 * but the exit code leaves.
 */
import { type Command, CommanderError } from 'commander';
import { credentialsOf } from '../api/credentials.ts';
import { createRedactor } from '../model/redactor.ts';
import { legible } from '../model/safe-text.ts';
import { releaseHeld } from '../state/hold-lock.ts';
import type { Act } from './command-line/builder.ts';
import { describe } from './command-line/commands.ts';
import { HELP_WIDTH } from './command-line/help.ts';
import { refuseTerraformFlags } from './command-line/terraform-flags.ts';
import { emptyFlag, mergedFlags } from './flags.ts';
import { boundHeap } from './heap.ts';
import { redactedWorld } from './redacted-world.ts';
import { openSession, SEE_HELP, type Session, type SharedFlags, usageError, type World } from './session.ts';
import { exitOnSignal } from './signals.ts';
import { unblockedOutputs } from './unblocked-output.ts';
import { unlessIdle } from './unless-idle.ts';

/** Returns the exit code: 0 done, 1 error, 2 changes (`--detailed-exitcode`), 130 interrupted. */
export async function run(args: readonly string[], outside: World = processWorld()): Promise<number> {
  const redactor = createRedactor(await credentialsOf(outside.env));
  const world = redactedWorld(outside, redactor);
  let code = 0;
  let session: Session | undefined;
  const act: Act =
    <Flags>(work: (session: Session, flags: Flags, args: string[]) => Promise<number>) =>
    async (...received: unknown[]) => {
      const command = received.at(-1) as Command;
      const flags = mergedFlags(command);
      const empty = emptyFlag(command, flags);
      if (empty !== undefined) {
        throw usageError(`${empty} is empty`, 'Give it a value, or leave it out. Is a variable not set?');
      }
      // From the start: pipes may be waited for that hold a file, a plan or the key.
      exitOnSignal();
      boundHeap();
      session = await openSession(world, flags as unknown as SharedFlags, redactor);
      code = await work(session, flags as Flags, command.args);
    };
  const tellLast = async (main: number) => {
    if (session === undefined || session.last.length === 0) return main;
    const { reportLast } = await import('./report-error.ts');
    return reportLast(session.last, session, isStream(args, program));
  };
  const notifyOf = async (error: unknown) => {
    if (!world.env.FLEETFORM_NOTIFY_URL) return;
    const { notifyUnread } = await import('./notifications.ts');
    const line = { command: commandIn(args, program), isRefreshOnly: args.includes('--refresh-only') };
    const warn = (text: string) => void world.stderr.write(legible(text, false));
    await notifyUnread({ world, redactor, warn, last: [] }, line, usageOf(error));
  };
  const program = describe(act, args);
  for (const command of everyCommand(program)) {
    command.configureOutput({
      getOutHelpWidth: () => Math.min(HELP_WIDTH, columnsOf(world.stdout)),
      writeOut: (text) => world.stdout.write(text),
      // It quotes words of the command line, which a pipeline may have put together from anybody's.
      writeErr: (text) => world.stderr.write(legible(text, false)),
    });
  }
  try {
    refuseTerraformFlags(program, args);
    await unlessIdle(program.parseAsync([...(asksVersionAsJson(args) ? VERSION : args)], { from: 'user' }));
    return await tellLast(code);
  } catch (error) {
    // Help was asked for, and printed.
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const { reportError, reportUsage } = await import('./report-error.ts');
    if (session === undefined) await notifyOf(error);
    const unread = { world, isJson: isJson(args), isStream: isStream(args, program) };
    // commander has said it on stderr.
    if (error instanceof CommanderError) return reportUsage(error, unread);
    const told = reportError(error, session ?? unread);
    if (session !== undefined) await releaseHeld(session.tellLast);
    return tellLast(told);
  }
}

/** As far as the words tell: of a line that could not be read, commander tells no flags. */
function isJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end === -1 ? args : args.slice(0, end)).includes('--json');
}

const VERSION = ['version', '--json'];

/** commander prints the version as text, whatever comes after it. */
function asksVersionAsJson(args: readonly string[]): boolean {
  const command = args.findIndex((word) => !word.startsWith('-'));
  const flags = command === -1 ? args : args.slice(0, command);
  return isJson(args) && (flags.includes('--version') || flags.includes('-V'));
}

/** `apply` and `destroy` write lines. */
function isStream(args: readonly string[], program: Command): boolean {
  const name = commandIn(args, program);
  return name === 'apply' || name === 'destroy';
}

function commandIn(args: readonly string[], program: Command): string | undefined {
  const names = new Set(program.commands.map((command) => command.name()));
  return args.find((word) => names.has(word));
}

/** What commander has found wrong is the user's error. */
function usageOf(error: unknown): unknown {
  return error instanceof CommanderError
    ? usageError(error.message.replace(/^error: /, ''), SEE_HELP)
    : error;
}

function columnsOf({ isTTY, columns }: World['stdout']): number {
  return isTTY ? columns || HELP_WIDTH : HELP_WIDTH;
}

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

function processWorld(): World {
  const { env } = process;
  const { stdout, stderr } = unblockedOutputs(process);
  return {
    get cwd() {
      return process.cwd();
    },
    env,
    get stdin() {
      return process.stdin;
    },
    stdout,
    stderr,
  };
}
