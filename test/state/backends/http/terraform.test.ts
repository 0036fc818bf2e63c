/** The real Terraform and fleetform on one server: each keeps out where the other holds the lock. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { LockedError } from '../../../../src/state/backend.ts';
import { environment, folder } from '../../../support/cli.ts';
import type { Kind, StateServer } from '../../../support/state-server.ts';
import { needs, pathOf } from '../../../support/tools.ts';
import { bed } from './bed.ts';

const it = needs(suite('http state, beside Terraform'), 'terraform');

const FILES = { 'main.tf': 'terraform {\n  backend "http" {}\n}\noutput "answer" {\n  value = 42\n}\n' };

/** It asks nobody whether there is a newer one. */
function terraform(args: readonly string[], cwd: string, { env }: StateServer) {
  const child = spawn(pathOf('terraform')!, args, {
    cwd,
    env: environment({ ...env, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' }),
    stdio: 'pipe',
  });
  let output = '';
  const hear = (text: Buffer) => {
    output += text;
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const ended = once(child, 'close').then(([code]) => ({ code, output }));
  return { child, ended, output: () => output };
}

async function done(args: readonly string[], cwd: string, server: StateServer): Promise<void> {
  const { code, output } = await terraform(args, cwd, server).ended;
  assert.is(code, 0, output);
}

for (const kind of ['strict', 'lenient'] satisfies Kind[]) {
  it(`${kind}: each is told of the other's lock, and neither writes`, async () => {
    const { server, open, end } = await bed(kind);
    const cwd = folder(FILES);
    try {
      await done(['init', '-no-color'], cwd, server);
      await done(['apply', '-auto-approve', '-no-color'], cwd, server);
      assert.match(server.state ?? '', '"answer"');

      const backend = open();
      const lock = await backend.lock('apply');
      const kept = server.kept.length;
      const refused = await terraform(['apply', '-auto-approve', '-no-color'], cwd, server).ended;
      assert.is.not(refused.code, 0);
      assert.match(refused.output, `ID=${lock.holder.id}`);
      assert.is(server.kept.length, kept);
      await lock.prove();
      await lock.release();

      const asking = terraform(['destroy', '-no-color'], cwd, server);
      while (!asking.output().includes('Enter a value')) await once(asking.child.stdout, 'data');
      const error = (await backend.lock('apply').catch((thrown) => thrown)) as LockedError;
      assert.is(error.code, 'state.locked');
      assert.is(error.holder.id, server.lock?.ID);
      assert.is(error.holder.operation, kind === 'strict' ? 'an unknown operation' : 'OperationTypeApply');
      asking.child.stdin.end('no\n');
      await asking.ended;
      await (await backend.lock('apply')).release();
    } finally {
      await end();
    }
  });
}

it.run();
