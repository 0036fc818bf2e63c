/**
 * How help is laid out, and `help …`, which is a command as any other: commander's own knows one word, and neither
 * itself nor a command of a command.
 *
 * Invariant: a command's own flags stand first, and no line is longer than 80 columns.
 */
import { type Command, Help, Option } from 'commander';
import { refuseUnknown } from './unknown-command.ts';

/** Headings. A flag without one is its command's own. */
export const PLANNING = 'Planning:';
export const SHARED = 'For every command:';

/** Columns, however wide a terminal is. */
export const HELP_WIDTH = 80;

/** Columns: on fewer, what a flag does stands below it, as there is no room for words beside it. */
const NARROW = 60;
const BELOW = '      ';

/** What its commands inherit. */
export function layOutHelp(program: Command): Command {
  return program.addHelpOption(new Option('-h, --help', 'print this help').helpGroup(SHARED)).configureHelp({
    minWidthToWrap: 20,
    subcommandTerm: (command) => [command.name(), command.usage().replace(OPTIONS, '')].join(' ').trim(),
    formatItem(term, termWidth, description, helper) {
      const width = helper.helpWidth ?? HELP_WIDTH;
      if (width >= NARROW || description === '') {
        return Help.prototype.formatItem.call(this, term, termWidth, description, helper);
      }
      const lines = helper.boxWrap(description, Math.max(20, width - BELOW.length)).split('\n');
      return [`  ${term}`, ...lines.map((line) => BELOW + line)].join('\n');
    },
    groupItems(_all, visible, groupOf) {
      const groups = new Map<string, typeof visible>();
      for (const item of visible) groups.set(groupOf(item), [...(groups.get(groupOf(item)) ?? []), item]);
      const rank = (heading: string) => LAST.indexOf(heading);
      return new Map([...groups].sort(([a], [b]) => rank(a) - rank(b)));
    },
  });
}

/** Below all that is a command's own, in that order. */
const LAST: readonly string[] = [PLANNING, SHARED];
/** What every command takes, and what a command of commands says of itself. */
const OPTIONS = /^\[options\] ?(?:\[command\])?/;

/** To a command of commands, after them. */
export function addHelpCommand(group: Command): void {
  const path = group.parent === null ? 'fleetform' : `fleetform ${group.name()}`;
  group
    .helpCommand(false)
    .command('help [command...]')
    .description('print the help of a command')
    .allowUnknownOption()
    .addHelpText('after', `\nExample:\n  ${path} help ${group.commands[0]?.name() ?? 'plan'}`)
    .action((words: string[]) => {
      commandOf(
        group,
        words.filter((word) => !word.startsWith('-')),
      ).help();
    });
}

function commandOf(group: Command, words: readonly string[]): Command {
  return words.reduce((command, word) => {
    const commands = command.createHelp().visibleCommands(command);
    return commands.find((one) => one.name() === word) ?? refuseUnknown(command, word);
  }, group);
}
