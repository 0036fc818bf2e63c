/** What goes to a log is read by programs, too: none of it is a command to a runner, none of it is invisible. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fleetform, folder, inHours } from '../support/cli.ts';

const it = suite('logs');

const COMMANDS = ['::add-mask::8812', '##[group]plan', '##vso[task.complete]', '##TeamCity[x]'];
const SCRIPT = ['start', ...COMMANDS, '   ::stop-commands::x', '88\u034f12', 'a\u2800b'];
const FILE = [
  'version: 1',
  'name:   live',
  'api: sandbox',
  'batches:',
  '  b:',
  '    template: Collect logs',
  '    target: { fleet: "1394296486561117717" }',
  `    executeAt: ${inHours(24)}`,
  '    params:',
  '      script: |',
  ...SCRIPT.map((line) => `        ${line}`),
  '      "a ::group::b": "##[endgroup]"',
  '',
].join('\n');

function assertQuiet(text: string, what: string): void {
  for (const line of text.split(/\r\n|[\r\n]/)) {
    assert.not.match(line, /^\s*::/, `${what}: ${line}`);
    assert.not.match(line, /##\w*\[/i, `${what}: ${line}`);
    assert.not.match(line, /[\p{Default_Ignorable_Code_Point}\u2800\x1b\x9b]/u, `${what}: ${line}`);
  }
}

for (const args of [
  'plan',
  'plan --json',
  'plan --out -',
  'plan --markdown -',
  'plan --html -',
  'fmt --check --diff',
  'fmt --check --diff --json',
  'validate',
  'status --json',
  'plan --target ::add-mask::x',
  '::add-mask::x',
  'apply --auto-approve --json',
]) {
  it(args, async () => {
    const cwd = folder({ 'fleetform.yaml': FILE });
    const { stdout, stderr } = await fleetform(args.split(' '), cwd);
    assertQuiet(stdout, 'stdout');
    assertQuiet(stderr, 'stderr');
    if (args === 'plan --json') {
      const script = JSON.parse(stdout).changes[0].after.params.find(
        (param: { name: string }) => param.name === 'script',
      );
      assert.is(script.value, `${SCRIPT.join('\n')}\n`);
    }
  });
}

it('errors quote a file, its lines and its path', async () => {
  const cwd = folder();
  const path = 'x\n::add-mask::y ##[z]';
  mkdirSync(join(cwd, path));
  writeFileSync(join(cwd, path, 'fleetform.yaml'), 'version: 1\n::add-mask::x: ##[group]\n"a\\u034fb": 1\n');
  const { code, stderr } = await fleetform(['validate', '-f', join(path, 'fleetform.yaml')], cwd);
  assert.is(code, 1);
  assertQuiet(stderr, 'stderr');
  assert.match(stderr, 'U+034F');
});

it('an argument that nobody knows is quoted, not obeyed', async () => {
  const { stderr } = await fleetform(['plan', '--x\n::add-mask::\u001b[2J'], folder());
  assertQuiet(stderr, 'stderr');
});

it('what is saved and shown again says the same', async () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  await fleetform(['plan', '--out', 'plan.json'], cwd);
  const { stdout } = await fleetform(['show', 'plan.json', '--json'], cwd);
  assert.equal(JSON.parse(stdout), JSON.parse(readFileSync(join(cwd, 'plan.json'), 'utf8')));
  assertQuiet(stdout, 'stdout');
});

it.run();
