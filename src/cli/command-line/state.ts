/** `fleetform state …`: inspecting the recorded state, and correcting it by hand. */
import { type Command, Option } from 'commander';
import type { HistoryFlags } from '../commands/state-history.ts';
import type { MigrateFlags } from '../commands/state-migrate.ts';
import type { PruneFlags } from '../commands/state-prune.ts';
import type { PullFlags } from '../commands/state-read.ts';
import type { ReplaceApiFlags } from '../commands/state-replace-api.ts';
import { count, durationFlag, oneOf } from '../flags.ts';
import type { LockFlags } from '../locked.ts';
import { type Act, addCommand, lockFlag } from './builder.ts';
import { addHelpCommand } from './help.ts';

const BACKENDS = ['local', 'git', 'http', 'postgres'] as const;

/** `fleetform lock …` */
export function addLockCommands(program: Command, act: Act): void {
  const lock = program
    .command('lock')
    .description('see who works on a state')
    .showHelpAfterError('(see fleetform lock --help)')
    .addHelpText('after', '\nExample:\n  fleetform lock list');
  addCommand(
    lock,
    'list',
    'list the locks of the states that are kept in one place',
    'fleetform lock list',
  ).action(act(async (s) => (await import('../commands/lock-list.ts')).list(s)));
  addHelpCommand(lock);
}

export function addStateCommands(program: Command, act: Act): void {
  const state = program
    .command('state')
    .description('inspect the recorded state, and correct it by hand')
    .showHelpAfterError('(see fleetform state --help)')
    .addHelpText('after', '\nExample:\n  fleetform state list');
  const add = (name: string, description: string, example: string) =>
    addCommand(state, name, description, example);

  add('list [address...]', 'list the addresses in the state', 'fleetform state list nightly').action(
    act(async (s, _flags, addresses) => (await import('../commands/state-read.ts')).list(s, addresses)),
  );
  add(
    'show <address>',
    'show what the state records about one address',
    "fleetform state show 'nightly[fleet:eu]'",
  ).action(
    act(async (s, _flags, [address = '']) =>
      (await import('../commands/state-read.ts')).showEntry(s, address),
    ),
  );
  lockFlag(
    add(
      'rm <address...>',
      'remove an address from the state; its batches are not cancelled',
      'fleetform state rm hotfix',
    ),
  ).action(
    act(async (s, flags: LockFlags, addresses) =>
      (await import('../commands/state-write.ts')).remove(s, addresses, flags),
    ),
  );
  lockFlag(
    add('mv <from> <to>', 'rename an address or a block', 'fleetform state mv nightly nightly-restart'),
  ).action(
    act(async (s, flags: LockFlags, [from = '', to = '']) =>
      (await import('../commands/state-write.ts')).move(s, from, to, flags),
    ),
  );
  add('pull', 'print the state as it is stored', 'fleetform state pull > backup.json')
    .option('--serial <number>', 'an older version, as `state history` lists it', count)
    .action(act(async (s, flags: PullFlags) => (await import('../commands/state-read.ts')).pull(s, flags)));
  add('history', 'list the versions of the state, and who wrote them', 'fleetform state history --limit 5')
    .option('--limit <number>', 'how many at most', count, 20)
    .action(
      act(async (s, flags: HistoryFlags) => (await import('../commands/state-history.ts')).history(s, flags)),
    );
  lockFlag(
    add(
      'migrate',
      'move the state to another backend; the old one points to it',
      'fleetform state migrate --to git',
    ),
  )
    .addOption(
      new Option('--to <backend>', 'where it goes').choices([...BACKENDS]).argParser(oneOf(...BACKENDS)),
    )
    .action(
      act(async (s, flags: MigrateFlags) => (await import('../commands/state-migrate.ts')).migrate(s, flags)),
    );
  lockFlag(
    add(
      'prune',
      'remove what is long over and named by no block; no batch is touched',
      'fleetform state prune --dry-run --older-than 365d',
    ),
  )
    .addOption(durationFlag('--older-than <duration>', 'what is younger stays; at least 7d', '90d'))
    .option('--auto-approve', 'do not ask')
    .option('--dry-run', 'only show what would be removed')
    .action(
      act(async (s, flags: PruneFlags) => (await import('../commands/state-prune.ts')).prune(s, flags)),
    );
  lockFlag(
    add(
      'replace-api <from> <to>',
      'the same API has another URL now: the state belongs to that from then on',
      'fleetform state replace-api https://api.i3d.net https://proxy.example/i3d',
    ),
  )
    .option('--auto-approve', 'do not ask')
    .option('--force', 'also where the state has nothing that could be compared')
    .action(
      act(async (s, flags: ReplaceApiFlags, [from = '', to = '']) =>
        (await import('../commands/state-replace-api.ts')).replaceApi(s, from, to, flags),
      ),
    );
  lockFlag(add('push <file>', 'replace the recorded state (- is stdin)', 'fleetform state push backup.json'))
    .option('--force', 'push even if it is older, or has another lineage')
    .action(
      act(async (s, flags: LockFlags & { readonly force?: boolean }, [file = '']) =>
        (await import('../commands/state-write.ts')).push(s, file, flags),
      ),
    );
  addHelpCommand(state);
}
