import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fleetform, folder, inHours, serve } from '../support/cli.ts';

const test = suite('required parameters as an object');

const FILE = (params: string) => `
version: 1
name: live
batches:
  deploy:
    template: Deploy build
    target: { fleet: "1394296486561117719" }
    executeAt: ${inHours(5)}
${params}`;

test('templates, plan and apply read them', async () => {
  const served = await serve({ requiredParams: 'object' });
  try {
    const right = folder({ 'fleetform.yaml': FILE('    params: { buildId: "17" }\n') });
    const listed = await fleetform(['templates'], right, served.env);
    assert.is(listed.code, 0, listed.stderr);
    assert.match(listed.stdout, /Deploy build .*buildId/);
    const applied = await fleetform(['apply', '--auto-approve'], right, served.env);
    assert.is(applied.code, 0, applied.stderr);
    assert.is(served.posts().length, 1);
    const wrong = folder({ 'fleetform.yaml': FILE('') });
    const planned = await fleetform(['plan'], wrong, served.env);
    assert.is(planned.code, 1);
    assert.match(planned.stderr + planned.stdout, 'buildId');
  } finally {
    await served.server.close();
  }
});

test.run();
