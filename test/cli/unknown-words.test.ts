/** A word that is no command, schema or shell is refused in our words, also where its help was asked for. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fleetform, folder } from '../support/cli.ts';

const it = suite('unknown words');
const cwd = folder();

const UNKNOWN: readonly (readonly [string, string])[] = [
  ['help plna', 'fleetform'],
  ['plna --help', 'fleetform'],
  ['--chdir . plna -h', 'fleetform'],
  ['help state lsit', 'fleetform state'],
  ['state lsit --help', 'fleetform state'],
  ['state help lsit', 'fleetform state'],
];

for (const [line, group] of UNKNOWN) {
  it(line, async () => {
    const { code, stdout, stderr } = await fleetform(line.split(' '), cwd);
    const [word, meant] = line.includes('plna') ? ['plna', 'plan'] : ['lsit', 'list'];
    assert.equal(
      [code, stdout, stderr],
      [1, '', `error: unknown command '${word}'\n(Did you mean ${meant}?)\n(see ${group} --help)\n`],
    );
  });
}

for (const [line, command] of [
  ['help version extra', 'version'],
  ['help completion bash', 'completion'],
  ['help state mv extra', 'state mv'],
  ['help help plan', 'help'],
] as const) {
  it(`${line}: it has no commands`, async () => {
    const { code, stdout, stderr } = await fleetform(line.split(' '), cwd);
    const [name, word] = [command.split(' ').at(-1), line.split(' ').at(-1)];
    assert.equal(
      [code, stdout, stderr.split('\n')[0]],
      [1, '', `error: '${name}' has no commands of its own, but '${word}' was given`],
    );
  });
}

it('the help of what is hidden is refused', async () => {
  const { code, stderr } = await fleetform(['help', '__complete'], cwd);
  assert.is(code, 1);
  assert.match(stderr, "unknown command '__complete'");
});

it('under --json it is a document, too', async () => {
  const { code, stdout } = await fleetform(['help', 'foo', '--json'], cwd);
  assert.is(code, 1);
  assert.match(JSON.parse(stdout).diagnostics[0].message, "unknown command 'foo'");
});

it('the help of what there is is printed', async () => {
  for (const line of [
    'help',
    '--help',
    'help plan',
    'plan --help',
    'help help',
    'help --help',
    'help -h',
    'help version',
    'help state',
    'help state mv',
    'help state help',
    'state mv --help',
    'state help mv',
    'state help help',
    'lock help list',
    'sandbox help serve',
    'help plan --json',
  ]) {
    const { code, stdout } = await fleetform(line.split(' '), cwd);
    assert.is(code, 0, line);
    assert.match(stdout, /^Usage: fleetform/);
  }
});

for (const [line, told] of [
  [
    'completion tcsh',
    'error: there is no completion for the shell "tcsh"\n  hint: There is one for: bash, zsh, fish.\n',
  ],
  [
    'schema plann',
    'error: there is no schema "plann"; did you mean "plan"?\n  hint: There are: desired-state, plan, state, apply-events, notification.\n',
  ],
] as const) {
  it(line, async () => {
    const { code, stderr } = await fleetform(line.split(' '), cwd);
    assert.equal([code, stderr], [1, told]);
  });
}

it('a flag that is one of some words names them', async () => {
  const { stderr } = await fleetform(['plan', '--log-level', 'loud'], cwd);
  assert.match(stderr, 'is invalid. It is debug, info, warn or error.\n');
});

it.run();
