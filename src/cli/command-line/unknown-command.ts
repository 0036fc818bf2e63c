/**
 * commander prints the general help when the help of something is asked for that is no command (`help foo`,
 * `foo --help`, `help state foo`), and a script takes that for a yes. Invariant: what is no command is refused wherever
 * it stands on the line, in the same words.
 */
import type { Command } from 'commander';
import { nearest } from '../../model/suggest.ts';

/** Before any help of `program` or of one of its commands is printed. */
export function refuseHelpOfUnknown(program: Command): void {
  program.addHelpText('beforeAll', () => {
    const found = unknownIn(program);
    if (found === undefined) return '';
    return refuseUnknown(found.group, found.word);
  });
}

/** `word` is no command of `group`. Throws. */
export function refuseUnknown(group: Command, word: string): never {
  const names = group
    .createHelp()
    .visibleCommands(group)
    .map((command) => command.name());
  if (names.length === 0) {
    return group.error(`error: '${group.name()}' has no commands of its own, but '${word}' was given`, {
      code: 'commander.unknownCommand',
    });
  }
  const near = nearest(word, names);
  const meant = near === undefined ? '' : `\n(Did you mean ${near}?)`;
  return group.error(`error: unknown command '${word}'${meant}`, { code: 'commander.unknownCommand' });
}

/** The first word that should name a command, and names none. */
function unknownIn(program: Command): { group: Command; word: string } | undefined {
  let group = program;
  for (const word of program.args) {
    // Behind the name of a command come its own words.
    if (group.commands.length === 0 || word.startsWith('-')) return undefined;
    if (word === 'help') continue;
    const command = group.commands.find((one) => one.name() === word);
    if (command === undefined) return { group, word };
    group = command;
  }
  return undefined;
}
