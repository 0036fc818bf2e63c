/**
 * Flags as Terraform's users write them: with a single dash (`-auto-approve`), which commander takes for letters
 * (`-force` for a file "orce"), and those that fleetform has under another name, or not.
 */
import type { Command } from 'commander';

/** By name, what there is instead. Only where it is certain. */
const INSTEAD: Readonly<Record<string, string>> = {
  'var-file': 'There are no files of variables: --var NAME=VALUE, or FLEETFORM_VAR_NAME in the environment.',
  input: 'It only asks for an approval: --auto-approve does not ask.',
  lock: 'The state is always locked: --lock-timeout says how long to wait.',
  state: 'Where the state is kept is said by `state` in the file.',
  'state-out': 'Where the state is kept is said by `state` in the file.',
  'backend-config': 'Where the state is kept is said by `state` in the file, and the environment.',
  'migrate-state': 'There is a command: fleetform state migrate --to BACKEND',
  'generate-config-out': 'There is a command: fleetform import --all',
};

/** Before the line is parsed. Throws what commander throws of an unknown option. */
export function refuseTerraformFlags(program: Command, line: readonly string[]): void {
  let command = program;
  for (const word of line) {
    if (word === '--') return;
    const named = command.commands.find((one) => one.name() === word);
    if (named !== undefined) command = named;
    const [, dashes = '', name = '', value = ''] = /^(--?)([a-z][a-z-]+)(=.*)?$/s.exec(word) ?? [];
    if (name === '') continue;
    const isOurs = longNames(command).has(`--${name}`);
    if (isOurs && dashes === '--') continue;
    const instead = Object.hasOwn(INSTEAD, name) ? INSTEAD[name] : undefined;
    const told = isOurs ? `Did you mean --${name}${value}?` : instead;
    if (told === undefined) continue;
    command.error(`error: unknown option '${word}'\n(${told})`, { code: 'commander.unknownOption' });
  }
}

function longNames(command: Command): Set<string> {
  const names = new Set(['--help']);
  for (let one: Command | null = command; one !== null; one = one.parent)
    for (const { long } of one.options) if (long) names.add(long);
  return names;
}
