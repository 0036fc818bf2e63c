/** What is known without a look at anything: `.build/build.mjs` keeps it, and `ready-answers.ts` finds it again. */
import type { Command } from 'commander';
import { grammarOf, SHELLS } from '../completion/grammar.ts';
import { scriptOf } from '../completion/scripts.ts';
import { describe } from './commands.ts';
import { HELP_WIDTH } from './help.ts';

/** By the words that ask for it, with a dot between them. */
export function answers(): ReadonlyMap<string, string> {
  const program = describe(() => async () => {});
  const scripts = SHELLS.map(
    (shell) => [`completion.${shell}`, scriptOf(shell, grammarOf(program))] as const,
  );
  return new Map([...helpOf(program, []), ...scripts]);
}

function helpOf(command: Command, path: readonly string[]): [string, string][] {
  const below = command
    .createHelp()
    .visibleCommands(command)
    .filter((one) => command.commands.includes(one))
    .flatMap((one) => helpOf(one, [...path, one.name()]));
  let text = '';
  command.configureOutput({
    getOutHelpWidth: () => HELP_WIDTH,
    writeOut: (part) => {
      text += part;
    },
  });
  command.outputHelp();
  return [[[...path, '--help'].join('.'), text], ...below];
}
