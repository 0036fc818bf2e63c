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

it('a warning of a plan is told, unless --quiet', async () => {
  const unused = 'version: 1\nname: live\napi: sandbox\nfleets: { eu: "1394296486561117717" }\nbatches: {}\n';
  const cwd = folder({ 'fleetform.yaml': unused });
  const env = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: cwd };
  const validated = await fleetform(['validate'], cwd, env);
  const severities = commands(validated.stderr).map((line) => line.split(' ')[0]);
  assert.ok(
    severities.every((severity) => severity === '::warning'),
    validated.stderr,
  );
  assert.equal(commands((await fleetform(['validate', '--quiet'], cwd, env)).stderr), []);
});

it.run();
