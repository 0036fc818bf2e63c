/**
 * The command line: which commands and flags there are, and which file does the work. Commands are loaded when they
 * run. Every error ends up here: a user's error becomes words, a bug is called a bug.
 */
import { Command, CommanderError } from 'commander';
import { version } from '../version.ts';
import type { ApplyFlags } from './commands/apply.ts';
import type { ImportFlags } from './commands/import.ts';
import type { InitFlags } from './commands/init.ts';
import type { PlanFlags } from './commands/plan.ts';
import type { ServeFlags } from './commands/sandbox.ts';
import type { ShowFlags } from './commands/show.ts';
import type { StatusFlags } from './commands/status.ts';
import { collect, count, duration, logLevel, port, variable } from './flags.ts';
import { openSession, type Session, type SharedFlags, type World } from './session.ts';

/** Returns the exit code: 0 done, 1 error, 2 changes (`--detailed-exitcode`), 130 interrupted. */
export async function run(args: readonly string[], world: World = processWorld()): Promise<number> {
  let code = 0;
  let session: Session | undefined;
  const act =
    <Flags>(work: Work<Flags>) =>
    async (...received: unknown[]): Promise<void> => {
      const command = received.at(-1) as Command;
      session = openSession(world, command.opts<SharedFlags>());
      code = await work(session, command.opts() as Flags, command.args);
    };
  const program = describe(act);
  program.configureOutput({
    writeOut: (text) => world.stdout.write(text),
    writeErr: (text) => world.stderr.write(text),
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    const { reportError } = await import('./report-error.ts');
    return reportError(error, world, session);
  }
}

type Work<Flags> = (session: Session, flags: Flags, args: string[]) => Promise<number>;
type Act = <Flags>(work: Work<Flags>) => (...received: unknown[]) => Promise<void>;

function describe(act: Act): Command {
  const program = new Command('fleetform')
    .description('Plans and applies the task batches of game-server fleets from a desired-state file.')
    .version(`fleetform ${version}`, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .showSuggestionAfterError(true)
    .showHelpAfterError('(see fleetform --help)')
    .exitOverride()
    .addHelpText(
      'after',
      `\nExit codes: 0 done, 1 error, 2 the plan has changes (--detailed-exitcode), 130 interrupted.`,
    );

  const add = (name: string, description: string, example: string): Command => {
    const command = program
      .command(name)
      .description(description)
      .showHelpAfterError(`(see fleetform ${name.split(' ')[0]} --help)`)
      .addHelpText(
        'after',
        `\nExample:\n${example
          .split('\n')
          .map((line) => `  ${line}`)
          .join('\n')}`,
      );
    return shared(command);
  };

  add('init', 'write a first desired-state file into this folder', 'fleetform init --name live-ops')
    .option('--name <name>', "the file's name: (default: the folder's)")
    .action(act(async (s, flags: InitFlags) => (await import('./commands/init.ts')).init(s, flags)));

  add('validate', 'check the desired-state file; asks no API', 'fleetform validate -f live/').action(
    act(async (s) => (await import('./commands/validate.ts')).validate(s)),
  );

  planning(
    add(
      'plan',
      'show what apply would do; changes nothing',
      'fleetform plan --detailed-exitcode --out live.plan.json',
    ),
  )
    .option('--out <file>', 'save the plan as JSON (- is stdout)')
    .option('--detailed-exitcode', 'exit with 2 when there is something to do')
    .option('--destroy', 'plan what destroy would do')
    .option('--concise', 'only what changes')
    .action(act(async (s, flags: PlanFlags) => (await import('./commands/plan.ts')).plan(s, flags)));

  applying(
    planning(
      add(
        'apply [planfile]',
        'create the missing batches and cancel those no longer wanted',
        'fleetform apply --auto-approve --wait=30m\nfleetform apply live.plan.json',
      ),
    ),
  ).action(
    act(async (s, flags: ApplyFlags, [file]) => (await import('./commands/apply.ts')).apply(s, file, flags)),
  );

  applying(add('destroy', 'cancel every live batch that the state owns', 'fleetform destroy --auto-approve'))
    .option('--parallelism <n>', 'requests in flight at the most', count, 10)
    .action(
      act(async (s, flags: ApplyFlags) =>
        (await import('./commands/apply.ts')).apply(s, undefined, flags, 'destroy'),
      ),
    );

  add('status', 'show where the batches stand', 'fleetform status --watch')
    .option('--watch', 'look again and again, until nothing is running')
    .option('--interval <duration>', 'how often to look, with --watch', duration, 2)
    .action(act(async (s, flags: StatusFlags) => (await import('./commands/status.ts')).status(s, flags)));

  add('templates', 'list the task templates and their params', 'fleetform templates --json').action(
    act(async (s) => (await import('./commands/templates.ts')).templates(s)),
  );

  add('show [planfile]', 'show a saved plan, or what the state remembers', 'fleetform show live.plan.json')
    .option('--detailed-exitcode', 'exit with 2 when the plan has something to do')
    .action(
      act(async (s, flags: ShowFlags, [file]) => (await import('./commands/show.ts')).show(s, file, flags)),
    );

  add(
    'import <address> <batchid...>',
    'bind existing batches to an address of the file',
    "fleetform import 'nightly[fleet:eu]' 4711",
  )
    .option('--force', 'although it looks unlike, or the address is bound already')
    .option('--lock-timeout <duration>', "how long to wait for another's lock", duration, 0)
    .action(
      act(async (s, flags: ImportFlags, [address = '', ...ids]) =>
        (await import('./commands/import.ts')).importBatches(s, address, ids, flags),
      ),
    );

  add(
    'force-unlock <id>',
    'remove the lock of a process that is certainly gone',
    'fleetform force-unlock 5b0d1c2e-…',
  ).action(
    act(async (s, _flags, [id = '']) => (await import('./commands/force-unlock.ts')).forceUnlock(s, id)),
  );

  addSandbox(program, act);

  add(
    'schema [name]',
    'print a JSON Schema: desired-state, plan or state',
    'fleetform schema > fleetform.schema.json',
  ).action(
    act(async (s, _flags, [name = 'desired-state']) =>
      (await import('./commands/schema.ts')).schema(s, name),
    ),
  );

  add('version', 'print the version', 'fleetform version --json').action(
    act(async (s) => (await import('./commands/version.ts')).version(s)),
  );
  return program;
}

function addSandbox(program: Command, act: Act): void {
  const sandbox = program
    .command('sandbox')
    .description('the API in small, with game servers that are simulated, kept under .fleetform/')
    .showHelpAfterError('(see fleetform sandbox --help)')
    .addHelpText('after', '\nExample:\n  fleetform sandbox advance 6h');
  const add = (name: string, description: string, example: string): Command =>
    shared(sandbox.command(name).description(description).addHelpText('after', `\nExample:\n  ${example}`));

  add('serve', "serve the file's sandbox over HTTP", 'fleetform sandbox serve --port 8080')
    .option('--host <host>', 'the address to listen on', '127.0.0.1')
    .option('--port <port>', 'the port to listen on; 0 takes a free one', port, 8080)
    .action(act(async (s, flags: ServeFlags) => (await import('./commands/sandbox.ts')).serve(s, flags)));
  add('advance <duration>', "move the sandbox's clock forward", 'fleetform sandbox advance 6h').action(
    act(async (s, _flags, [by = '']) => (await import('./commands/sandbox.ts')).advance(s, by)),
  );
  add(
    'reset',
    'forget all tasks and batches of the sandbox, and its clock',
    'fleetform sandbox reset',
  ).action(act(async (s) => (await import('./commands/sandbox.ts')).reset(s)));
}

function shared(command: Command): Command {
  return command
    .option('-f, --file <path>', 'a desired-state file, or a folder of them (repeatable)', collect)
    .option('--chdir <folder>', 'work in that folder')
    .option('--var <name=value>', 'the value of a variable (repeatable)', variable)
    .option('--api-url <url>', "the API's origin, or `sandbox`; beats FLEETFORM_API_URL and the file")
    .option('--no-color', 'no colour (NO_COLOR is honoured too)')
    .option('--json', 'JSON, and nothing else, on stdout')
    .option('--quiet', 'no progress, no remarks')
    .addOption(logLevel);
}

function planning(command: Command): Command {
  return command
    .option('--assume-missing', 'create although an older batch may be out of sight')
    .option('--allow-empty', 'accept a file without batches')
    .option('--parallelism <n>', 'requests in flight at the most', count, 10);
}

function applying(command: Command): Command {
  return command
    .option('--auto-approve', 'do not ask')
    .option('--wait [duration]', 'follow the batches to their end; exit 1 when tasks failed', (value) =>
      duration(value),
    )
    .option('--lock-timeout <duration>', "how long to wait for another's lock", duration, 0)
    .option('--force', "overrule the file's limits");
}

function processWorld(): World {
  const { stdin, stdout, stderr, env } = process;
  return { cwd: process.cwd(), env, stdin, stdout, stderr };
}
