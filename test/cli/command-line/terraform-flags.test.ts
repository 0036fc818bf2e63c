/** Flags as Terraform's users write them. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fleetform, folder } from '../../support/cli.ts';

const it = suite('flags of Terraform');
const cwd = folder();

for (const [line, told] of [
  ['plan -out=x', "unknown option '-out=x'\n(Did you mean --out=x?)\n(see fleetform plan --help)"],
  ['apply -auto-approve', "unknown option '-auto-approve'\n(Did you mean --auto-approve?)"],
  ['plan -var a=b', "unknown option '-var'\n(Did you mean --var?)"],
  ['-chdir=/tmp plan', "unknown option '-chdir=/tmp'\n(Did you mean --chdir=/tmp?)"],
  ['apply -force', "unknown option '-force'\n(Did you mean --force?)"],
  ['state list -json', "unknown option '-json'\n(Did you mean --json?)\n(see fleetform state list --help)"],
  ['plan -var-file=x', '--var NAME=VALUE, or FLEETFORM_VAR_NAME in the environment'],
  ['plan --var-file x', '--var NAME=VALUE, or FLEETFORM_VAR_NAME in the environment'],
  ['apply -input=false', '--auto-approve does not ask'],
] as const) {
  it(line, async () => {
    const { code, stdout, stderr } = await fleetform(line.split(' '), cwd);
    assert.equal([code, stdout], [1, '']);
    assert.match(stderr, told);
  });
}

it('a file behind -f, and what follows --, are none', async () => {
  assert.match((await fleetform(['plan', '-force'], cwd)).stderr, 'orce does not exist');
  assert.not.match((await fleetform(['show', '--', '-json'], cwd)).stderr, 'unknown option');
});

it('under --json it is a document, too', async () => {
  const { stdout } = await fleetform(['plan', '-out=x', '--json'], cwd);
  assert.match(JSON.parse(stdout).diagnostics[0].message, 'Did you mean --out=x?');
});

it.run();
