/**
 * commander's tree of commands → what the completion scripts are made from. The first step of `fleetform completion`.
 *
 * Invariant: nothing in here depends on the name of a command or flag. How a value is completed follows from its
 * choices, else by its placeholder (`--out <file>`), so a new command or flag is completed without a change here.
 */
import type { Argument, Command, Option } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** How a value is completed. `other`: there is a value, and nobody can say which. */
export type Value =
  | { readonly kind: 'file' | 'folder' | 'address' | 'other' }
  | { readonly kind: 'words'; readonly words: readonly string[] };

export interface Flag {
  /** As they are typed: `--file`, `-f`. */
  readonly names: readonly string[];
  readonly description: string;
  /** null: it takes none. An optional one (`--wait [duration]`) is never a word that begins with a dash. */
  readonly value: (Value & { readonly isOptional: boolean }) | null;
}

export interface Grammar {
  /** '' is the program itself; `state list` is a command of a command. */
  readonly path: string;
  readonly name: string;
  readonly description: string;
  readonly flags: readonly Flag[];
  /** In order. Where the last one takes many, `hasMany` is true. */
  readonly values: readonly Value[];
  readonly hasMany: boolean;
  readonly commands: readonly Grammar[];
}

const PLACEHOLDERS: Readonly<Record<string, Value>> = {
  file: { kind: 'file' },
  path: { kind: 'file' },
  planfile: { kind: 'file' },
  folder: { kind: 'folder' },
  address: { kind: 'address' },
  from: { kind: 'address' },
  to: { kind: 'address' },
  shell: { kind: 'words', words: SHELLS },
};

/** Hidden commands and flags are left out; `help` and `--help` are in. */
export function grammarOf(program: Command): Grammar {
  return commandGrammar(program, '', []);
}

/** The command and all below it, outermost first. */
export function everyCommand(grammar: Grammar): Grammar[] {
  return [grammar, ...grammar.commands.flatMap(everyCommand)];
}

function commandGrammar(command: Command, path: string, siblings: readonly string[]): Grammar {
  const help = command.createHelp();
  const commands = help.visibleCommands(command);
  const names = commands.map((one) => one.name());
  return {
    path,
    name: command.name(),
    description: oneLine(command.description()),
    flags: help.visibleOptions(command).map(flag),
    values: command.registeredArguments.map((argument) => argumentValue(argument, siblings)),
    hasMany: command.registeredArguments.at(-1)?.variadic ?? false,
    commands: commands.map((one) => {
      const others = names.filter((name) => name !== one.name());
      return commandGrammar(one, path === '' ? one.name() : `${path} ${one.name()}`, others);
    }),
  };
}

function flag(option: Option): Flag {
  const { long, short, required, optional, description } = option;
  const placeholder = /[<[]([^>\]]*)[>\]]/.exec(option.flags)?.[1] ?? '';
  return {
    names: [long, short].filter((name) => name !== undefined && name !== null),
    description: oneLine(description),
    value: required || optional ? { ...value(option.argChoices, placeholder), isOptional: !required } : null,
  };
}

/** commander's own `help [command]` takes the names that stand beside it. */
function argumentValue(argument: Argument, siblings: readonly string[]): Value {
  if (argument.name() === 'command') return { kind: 'words', words: siblings };
  return value(argument.argChoices, argument.name());
}

function value(choices: readonly string[] | undefined, placeholder: string): Value {
  const name = placeholder.replace(/\.\.\.$/, '');
  if (choices !== undefined) return { kind: 'words', words: choices };
  if (name.includes('|')) return { kind: 'words', words: name.split('|') };
  return PLACEHOLDERS[name] ?? { kind: 'other' };
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
