/** `fleetform state …`: inspecting the recorded state, and correcting it by hand. */
import type { Command } from 'commander';
import type { LockFlags } from '../locked.ts';
import { type Act, addCommand, lockFlag } from './builder.ts';

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
  add('pull', 'print the state as it is stored', 'fleetform state pull > backup.json').action(
    act(async (s) => (await import('../commands/state-read.ts')).pull(s)),
  );
  lockFlag(add('push <file>', 'replace the recorded state (- is stdin)', 'fleetform state push backup.json'))
    .option('--force', 'push even if it is older, or has another lineage')
    .action(
      act(async (s, flags: LockFlags & { readonly force?: boolean }, [file = '']) =>
        (await import('../commands/state-write.ts')).push(s, file, flags),
      ),
    );
}
