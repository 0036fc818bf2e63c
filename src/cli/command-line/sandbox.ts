/** `fleetform sandbox …`: the embedded API. */
import type { Command } from 'commander';
import type { ServeFlags } from '../commands/sandbox.ts';
import { port } from '../flags.ts';
import { type Act, addCommand } from './builder.ts';
import { addHelpCommand } from './help.ts';

export function addSandboxCommands(program: Command, act: Act): void {
  const sandbox = program
    .command('sandbox')
    .description('a small embedded API with simulated game servers, kept under .fleetform/')
    .showHelpAfterError('(see fleetform sandbox --help)')
    .addHelpText('after', '\nExample:\n  fleetform sandbox advance 6h');
  const add = (name: string, description: string, example: string) =>
    addCommand(sandbox, name, description, example);

  add('serve', "serve the file's sandbox over HTTP", 'fleetform sandbox serve --port 8080')
    .option('--host <host>', 'the address to listen on', '127.0.0.1')
    .option('--port <port>', 'the port to listen on; 0 picks a free one', port, 8080)
    .action(act(async (s, flags: ServeFlags) => (await import('../commands/sandbox.ts')).serve(s, flags)));
  add('advance <duration>', "move the sandbox's clock forward", 'fleetform sandbox advance 6h').action(
    act(async (s, _flags, [by = '']) => (await import('../commands/sandbox.ts')).advance(s, by)),
  );
  add(
    'reset',
    'delete all tasks and batches of the sandbox and reset its clock; the state stays',
    'fleetform sandbox reset',
  ).action(act(async (s) => (await import('../commands/sandbox.ts')).reset(s)));
  addHelpCommand(sandbox);
}
