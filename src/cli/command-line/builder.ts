/** How a command is put together: its words, its example, the flags that all share, and what runs it. */
import { Argument, type Command } from 'commander';
import { DEFAULT_PARALLELISM } from '../../api/pace.ts';
import { collect, count, duration, durationFlag, logLevel, oneOf, variable } from '../flags.ts';
import type { Session } from '../session.ts';
import { PLANNING, SHARED } from './help.ts';

/** The rest of a command's work: flags and arguments → exit code. */
export type Work<Flags> = (session: Session, flags: Flags, args: string[]) => Promise<number>;
/** Opens a session for the work, and keeps its exit code. */
export type Act = <Flags>(work: Work<Flags>) => (...received: unknown[]) => Promise<void>;

/** `name` as commander has it: `import <address> <batchid...>`. The example has a line, or several. */
export function addCommand(parent: Command, name: string, description: string, example: string): Command {
  const path = [...namesOf(parent), name.split(' ')[0]].join(' ');
  const command = parent
    .command(name)
    .description(description)
    .showHelpAfterError(`(see fleetform ${path} --help)`)
    .addHelpText('after', `\nExample:\n${example.replaceAll(/^/gm, '  ')}`);
  return sharedFlags(command);
}

function namesOf(command: Command): string[] {
  return command.parent === null ? [] : [...namesOf(command.parent), command.name()];
}

/** An argument that is one of these, as help and completion say; its command refuses any other in its own words. */
export function word(name: string, description: string, words: readonly string[]): Argument {
  return new Argument(name, description).choices([...words]).argParser((value: string) => value);
}

export function sharedFlags(command: Command): Command {
  return command
    .optionsGroup(SHARED)
    .option('-f, --file <path>', 'a desired-state file, or a folder of them (repeatable)', collect)
    .option('--chdir <folder>', 'work in that folder')
    .option('--var <name=value>', 'the value of a variable (repeatable)', variable)
    .option('--api-url <url>', "the API's origin, or `sandbox`; beats FLEETFORM_API_URL and the file")
    .option('--no-color', 'no colour (NO_COLOR is honoured too)')
    .option('--json', 'only JSON on stdout')
    .option('--quiet', 'errors, warnings and results only: no progress, notes, remarks or unmanaged batches')
    .addOption(logLevel())
    .optionsGroup(OWN);
}

/** None: what is described next is the command's own. */
const OWN = '';

/** What plan and apply share: which part is planned, and what is overruled. */
export function planningFlags(command: Command): Command {
  return partFlags(command)
    .optionsGroup(PLANNING)
    .option(
      '--replace <address>',
      'run it again: cancel its live batches and create new ones (repeatable)',
      collect,
    )
    .option(
      '--refresh <true|false>',
      'false: trust the state for what is bound',
      oneOf('true', 'false'),
      'true',
    )
    .option(
      '--assume-missing',
      'assume that batches in question are missing, and create them (with --target: only those)',
    )
    .option('--allow-empty', 'accept a file without batches')
    .optionsGroup(OWN);
}

export function partFlags(command: Command): Command {
  return command
    .optionsGroup(PLANNING)
    .option('--target <address>', 'only this address or block (repeatable)', collect)
    .option('--exclude <address>', 'everything except this address or block (repeatable)', collect)
    .option(
      '--parallelism <n>',
      'requests in flight, at most: as many as the API bears',
      count,
      DEFAULT_PARALLELISM,
    )
    .option(
      '--settle <duration>',
      'how long a write without a clear answer stays in doubt (default: FLEETFORM_SETTLE, or 60s)',
      duration,
    )
    .optionsGroup(OWN);
}

export function applyingFlags(command: Command): Command {
  return lockFlag(command)
    .option('--auto-approve', 'do not ask')
    .option('--wait [duration]', 'wait until the batches finish; exit 1 if tasks failed', (value) =>
      duration(value),
    )
    .option('--force', "override the file's limits");
}

export function lockFlag(command: Command): Command {
  return command.addOption(durationFlag('--lock-timeout <duration>', 'how long to wait for the lock', '0s'));
}
