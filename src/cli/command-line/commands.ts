/** Which commands and flags there are, and which file does the work. Commands are loaded when they run. */
import { Command } from 'commander';
import { version } from '../../version.ts';
import type { ApplyFlags } from '../commands/apply.ts';
import type { CalendarFlags } from '../commands/calendar.ts';
import type { FmtFlags } from '../commands/fmt.ts';
import type { ForceUnlockFlags } from '../commands/force-unlock.ts';
import type { ImportFlags } from '../commands/import.ts';
import type { ImportAllFlags } from '../commands/import-all.ts';
import type { InitFlags } from '../commands/init.ts';
import type { PlanFlags } from '../commands/plan.ts';
import type { ShowFlags } from '../commands/show.ts';
import type { StatusFlags } from '../commands/status.ts';
import { collect, days, duration, moment } from '../flags.ts';
import {
  type Act,
  addCommand,
  applyingFlags,
  lockFlag,
  partFlags,
  planningFlags,
  sharedFlags,
  word,
} from './builder.ts';
import { addHelpCommand, layOutHelp } from './help.ts';
import { addSandboxCommands } from './sandbox.ts';
import { addLockCommands, addStateCommands } from './state.ts';
import { refuseHelpOfUnknown } from './unknown-command.ts';

/**
 * With the commands that the line may be about: where its first word names one, that one alone, as each takes a while
 * to describe.
 */
export function describe(act: Act, [first = '']: readonly string[] = []): Command {
  const program = layOutHelp(sharedFlags(new Command('fleetform')))
    .description('Plans and applies the task batches of game-server fleets from a desired-state file.')
    .version(`fleetform ${version}`, '-V, --version', 'print the version')
    .enablePositionalOptions()
    .showSuggestionAfterError(true)
    .showHelpAfterError('(see fleetform --help)')
    .exitOverride()
    .addHelpText(
      'after',
      `\nExit codes: 0 done, 1 error, 2 the plan has changes (--detailed-exitcode),
130 interrupted.
Notifications: FLEETFORM_NOTIFY_URL is told what apply, destroy and
plan --refresh-only do.`,
    );
  refuseHelpOfUnknown(program);
  const asked = ALONE.has(first) ? [first] : Object.keys(COMMANDS);
  program.helpCommand(false);
  for (const name of asked) COMMANDS[name]?.(program, act);
  return program;
}

type Describe = (program: Command, act: Act) => void;

/** In the order of the help. */
const COMMANDS: Readonly<Record<string, Describe>> = {
  init(program, act) {
    addCommand(
      program,
      'init',
      'write a first desired-state file into this folder',
      'fleetform init --name live-ops',
    )
      .option('--name <name>', "the file's name (default: the folder's)")
      .action(act(async (s, flags: InitFlags) => (await import('../commands/init.ts')).init(s, flags)));
  },

  validate(program, act) {
    addCommand(
      program,
      'validate',
      'check the desired-state file; does not call the API',
      'fleetform validate -f live/',
    ).action(act(async (s) => (await import('../commands/validate.ts')).validate(s)));
  },

  fmt(program, act) {
    addCommand(
      program,
      'fmt [path...]',
      'rewrite desired-state files in the standard format; comments are kept (- is stdin)',
      'fleetform fmt --check --diff',
    )
      .option('--check', 'write nothing; exit 1 if a file is not formatted')
      .option('--diff', 'show what changes')
      .action(
        act(async (s, flags: FmtFlags, paths) => (await import('../commands/fmt.ts')).fmt(s, paths, flags)),
      );
  },

  plan(program, act) {
    planningFlags(
      addCommand(
        program,
        'plan',
        'show what apply would do; changes nothing',
        'fleetform plan --detailed-exitcode --out live.plan.json\nfleetform plan --markdown comment.md --html plan.html',
      ),
    )
      .option('--out <file>', 'save the plan as JSON, for apply (- is stdout)')
      .option('--markdown <file>', 'write the plan as a pull-request comment (- is stdout)')
      .option('--html <file>', 'write the plan as a page with a timeline (- is stdout)')
      .option('--detailed-exitcode', 'exit with 2 when there is something to do')
      .option('--destroy', 'plan what destroy would do')
      .option('--refresh-only', 'only show drift: what has changed outside fleetform')
      .option('--concise', 'only what changes, as briefly as can be')
      .option('--at <time>', 'preview the plan at that time (RFC 3339, or unix seconds)', moment)
      .action(act(async (s, flags: PlanFlags) => (await import('../commands/plan.ts')).plan(s, flags)));
  },

  apply(program, act) {
    applyingFlags(
      planningFlags(
        addCommand(
          program,
          'apply [planfile]',
          'create the missing batches and cancel those no longer wanted',
          'fleetform apply --auto-approve --wait=30m\nfleetform apply live.plan.json',
        ),
      ),
    )
      .option(
        '--destroy',
        'cancel every live batch that the state owns; confirms a saved plan made with --destroy',
      )
      .option('--expect <digest>', 'only apply the saved plan with this digest')
      .action(
        act(async (s, flags: ApplyFlags, [file]) =>
          (await import('../commands/apply.ts')).apply(s, file, flags),
        ),
      );
  },

  destroy(program, act) {
    applyingFlags(
      partFlags(
        addCommand(
          program,
          'destroy',
          'cancel every live batch that the state owns',
          'fleetform destroy --auto-approve',
        ),
      ),
    ).action(
      act(async (s, flags: ApplyFlags) =>
        (await import('../commands/apply.ts')).apply(s, undefined, flags, 'destroy'),
      ),
    );
  },

  status(program, act) {
    addCommand(program, 'status', 'show the status of the batches', 'fleetform status --watch')
      .option('--watch', 'refresh: on a terminal until nothing is live, elsewhere until nothing runs')
      .option('--interval <duration>', 'how often to refresh, with --watch (default: 2s)', duration)
      .option('--html <file>', 'write it as a page with a timeline (- is stdout)')
      .action(act(async (s, flags: StatusFlags) => (await import('../commands/status.ts')).status(s, flags)));
  },

  calendar(program, act) {
    addCommand(
      program,
      'calendar',
      'show what the file will run when; does not call the API',
      'fleetform calendar --days 30 --html calendar.html',
    )
      .option('--days <n>', 'how many days', days, 14)
      .option('--from <time>', 'from that time on (RFC 3339, or unix seconds; default: now)', moment)
      .option('--html <file>', 'write it as a page with a timeline (- is stdout)')
      .action(
        act(async (s, flags: CalendarFlags) => (await import('../commands/calendar.ts')).calendar(s, flags)),
      );
  },

  templates(program, act) {
    addCommand(
      program,
      'templates',
      'list the task templates and their params',
      'fleetform templates --json',
    ).action(act(async (s) => (await import('../commands/templates.ts')).templates(s)));
  },

  show(program, act) {
    addCommand(
      program,
      'show [planfile...]',
      'show saved plans, or the recorded state',
      'fleetform show live.plan.json\nfleetform show live.json staging.json --markdown comment.md',
    )
      .option('--markdown <file>', 'write the plans as one pull-request comment (- is stdout)')
      .option('--html <file>', 'write a plan as a page with a timeline (- is stdout)')
      .option('--detailed-exitcode', 'exit with 2 when a plan has something to do')
      .action(
        act(async (s, flags: ShowFlags, files) =>
          (await import('../commands/show.ts')).show(s, files, flags),
        ),
      );
  },

  import(program, act) {
    lockFlag(
      addCommand(
        program,
        'import [address] [batchid...]',
        'bind existing batches to an address of the file; or write a file of all live ones',
        "fleetform import 'nightly[fleet:eu]' 4711\nfleetform import --all --name live-ops",
      ),
    )
      .option('--force', 'import even if it looks different, or the address is already bound')
      .option('--all', 'write a new file that asks for the live batches of the account, and bind them')
      .option('--template <name>', 'with --all: only of this template, by name or id (repeatable)', collect)
      .option('--fleet <id>', 'with --all: only on game servers of this fleet (repeatable)', collect)
      .option('--name <name>', "with --all: the file's name (default: the folder's)")
      .action(
        act(async (s, { all, ...flags }: ImportFlags & ImportAllFlags & { readonly all?: boolean }, words) =>
          all === true
            ? (await import('../commands/import-all.ts')).importAllCommand(s, words, flags)
            : (await import('../commands/import.ts')).importCommand(s, words, flags),
        ),
      );
  },

  state: addStateCommands,
  lock: addLockCommands,

  'force-unlock'(program, act) {
    addCommand(
      program,
      'force-unlock <id>',
      'remove the lock of a process that is definitely gone',
      'fleetform force-unlock 5b0d1c2e-…',
    )
      .option('--force', 'remove it even if its process appears to be alive')
      .action(
        act(async (s, flags: ForceUnlockFlags, [id = '']) =>
          (await import('../commands/force-unlock.ts')).forceUnlock(s, id, flags),
        ),
      );
  },

  sandbox: addSandboxCommands,

  schema(program, act) {
    addCommand(program, 'schema', 'print a JSON Schema', 'fleetform schema > fleetform.schema.json')
      .addArgument(
        word('[name]', 'which one', ['desired-state', 'plan', 'state', 'apply-events', 'notification']),
      )
      .action(
        act(async (s, _flags, [name = 'desired-state']) =>
          (await import('../commands/schema.ts')).schema(s, name),
        ),
      );
  },

  completion(program, act) {
    addCommand(
      program,
      'completion',
      'print a shell completion script for commands, flags and addresses',
      'source <(fleetform completion bash)\nfleetform completion zsh > ~/.zfunc/_fleetform   # a folder of $fpath\nfleetform completion fish > ~/.config/fish/completions/fleetform.fish',
    )
      .addArgument(word('<shell>', 'which shell', ['bash', 'zsh', 'fish']))
      .action(
        act(async (s, _flags, [shell = '']) =>
          (await import('../commands/completion.ts')).completion(s, shell, program),
        ),
      );
  },

  // What the scripts ask for while a line is typed.
  __complete(program, act) {
    const complete = new Command('__complete')
      .argument('<what>')
      .argument('[words...]')
      .action(
        act(async (s, _flags, [, ...words]) =>
          (await import('../completion/addresses.ts')).completeAddresses(s, words),
        ),
      );
    program.addCommand(sharedFlags(complete).copyInheritedSettings(program), { hidden: true });
  },

  version(program, act) {
    addCommand(program, 'version', 'print the version', 'fleetform version --json').action(
      act(async (s) => (await import('../commands/version.ts')).version(s)),
    );
  },

  help: addHelpCommand,
};

/** `completion` and `help` tell of all others. */
const ALONE: ReadonlySet<string> = new Set(
  Object.keys(COMMANDS).filter((name) => name !== 'completion' && name !== 'help'),
);
