import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fleetform, folder } from '../support/cli.ts';

const it = suite('annotations in GitHub Actions');

const BROKEN = 'version: 1\nname: live\napi: sandbox\nbatches:\n  a: { templat: "x\\n::add-mask::y" }\n';
const commands = (text: string) => text.split('\n').filter((line) => line.startsWith('::'));

for (const command of ['validate', 'plan']) {
  it(`${command} tells errors at their lines, on stderr, and JSON stays JSON`, async () => {
    const cwd = folder({ 'fleetform.yaml': BROKEN });
    const env = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: cwd };
    const { code, stdout, stderr } = await fleetform([command, '--json'], cwd, env);
    assert.is(code, 1);
    JSON.parse(stdout);
    assert.ok(commands(stderr).length > 0);
    for (const line of commands(stderr))
      assert.match(line, /^::error file=fleetform\.yaml,line=5,col=\d+,title=/);
    assert.equal(commands((await fleetform([command], cwd)).stderr), [], 'nowhere else');
  });
}

it('a warning is told at its line, under --quiet, too; a note never is', async () => {
  const cwd = folder({
    'fleetform.yaml': [
      'version: 1\nname: live\napi: sandbox\nfleets: { eu: "1394296486561117717", us: "1394296486561117718" }\nbatches:',
      '  late: { template: Restart game server, target: { fleet: eu }, executeAt: 2020-01-01T00:00:00Z }\n',
    ].join('\n'),
  });
  const env = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: cwd };
  for (const flags of [[], ['--quiet']]) {
    const { code, stderr } = await fleetform(['plan', ...flags], cwd, env);
    assert.is(code, 0, stderr);
    const told = commands(stderr);
    assert.is(told.length, 1, stderr);
    assert.match(told[0]!, /^::warning file=fleetform\.yaml,line=6,col=3,title=.*plan\.missed::late: /);
    const validated = await fleetform(['validate', ...flags], cwd, env);
    assert.is(/note: fleet "us" is not used/.test(validated.stderr), flags.length === 0);
    assert.equal(commands(validated.stderr), []);
  }
});

it.run();
