/** A command that is described alone is the one that is described among all. */
import type { Command } from 'commander';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { describe } from '../../../src/cli/command-line/commands.ts';

const it = suite('commands');

const act = () => async () => {};
const all = describe(act);
const namesOf = (program: Command) => program.commands.map((command) => command.name());
/** What tells of all others. */
const ALL = new Set(['completion', 'help']);

function told(command: Command): string {
  const flags = command.options.map(({ flags, defaultValue }) => `${flags} ${defaultValue}`);
  return [command.helpInformation(), ...flags, ...command.commands.map(told)].join('\n');
}

for (const name of namesOf(all)) {
  it(`${name} is described as it is among all`, () => {
    const program = describe(act, [name, 'plan']);
    assert.equal(namesOf(program), ALL.has(name) ? namesOf(all) : [name]);
    const find = (from: Command) => from.commands.find((command) => command.name() === name)!;
    assert.is(told(find(program)), told(find(all)));
  });
}

for (const line of [
  [],
  ['help', 'plan'],
  ['--json', 'plan'],
  ['-f', 'plan', 'apply'],
  ['toString'],
  ['plna'],
]) {
  it(`a line of \`${line.join(' ')}\` may be about any of them`, () => {
    assert.equal(namesOf(describe(act, line)), namesOf(all));
  });
}

it.run();
