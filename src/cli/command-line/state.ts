/** `fleetform state …`: the recorded state, looked at and put right by hand. */
import type { Command } from 'commander';
import type { LockFlags } from '../locked.ts';
import { type Act, addCommand, lockFlag } from './builder.ts';

export function addStateCommands(program: Command, act: Act): void {
  const state = program
    .command('state')
    .description('look at the recorded state, and put it right by hand')
    .showHelpAfterError('(see fleetform state --help)')
    .addHelpText('after', '\nExample:\n  fleetform state list');
  const add = (name: string, description: string, example: string) =>
    addCommand(state, name, description, example);

  add('list [address...]', 'the addresses that the state binds', 'fleetform state list nightly').action(
    act(async (s, _flags, addresses) => (await import('../commands/state-read.ts')).list(s, addresses)),
  );
  add(
    'show <address>',
    'what the state remembers of one address',
    "fleetform state show 'nightly[fleet:eu]'",
  ).action(
    act(async (s, _flags, [address = '']) =>
      (await import('../commands/state-read.ts')).showEntry(s, address),
    ),
  );
  lockFlag(
    add(
      'rm <address...>',
      'forget which batches belong to an address; the batches live on',
      'fleetform state rm hotfix',
    ),
  ).action(
    act(async (s, flags: LockFlags, addresses) =>
      (await import('../commands/state-write.ts')).remove(s, addresses, flags),
    ),
  );
  lockFlag(
    add(
      'mv <from> <to>',
      'let an address, or all of a block, go on under another name',
      'fleetform state mv nightly nightly-restart',
    ),
  ).action(
    act(async (s, flags: LockFlags, [from = '', to = '']) =>
      (await import('../commands/state-write.ts')).move(s, from, to, flags),
    ),
  );
  add('pull', 'print the state as it is kept', 'fleetform state pull > backup.json').action(
    act(async (s) => (await import('../commands/state-read.ts')).pull(s)),
  );
  lockFlag(
    add(
      'push <file>',
      'put a state in the place of the recorded one (- is stdin)',
      'fleetform state push backup.json',
    ),
  )
    .option('--force', 'although it is older, or of another lineage')
    .action(
      act(async (s, flags: LockFlags & { readonly force?: boolean }, [file = '']) =>
        (await import('../commands/state-write.ts')).push(s, file, flags),
      ),
    );
}
