/** Records that an editor or a shell has saved anew: a byte order mark is nothing, UTF-16 is told by its name. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fleetform, folder } from '../support/cli.ts';

const it = suite('encoding');
const FILE =
  'version: 1\nname: live\napi: sandbox\nvars: { note: x }\n' +
  'batches: { a: { template: Deploy build, target: { fleet: "1394296486561117719" }, params: { buildId: "$' +
  '{var.note}" } } }\n';
const PUSH = ['state', 'push', 'pushed.json', '--force'];
const APPLY = ['apply', 'plan.json', '--auto-approve'];

async function applied() {
  const cwd = folder({ 'fleetform.yaml': FILE });
  assert.is((await fleetform(['apply', '--auto-approve'], cwd)).code, 0);
  await fleetform(['plan', '--out', 'plan.json'], cwd);
  const state = join(cwd, '.fleetform/live.state.json');
  writeFileSync(join(cwd, 'pushed.json'), readFileSync(state));
  return { cwd, state };
}

it('a mark, and CRLF, are nothing', async () => {
  const { cwd, state } = await applied();
  for (const path of [state, join(cwd, 'plan.json'), join(cwd, 'pushed.json')]) {
    writeFileSync(path, `\ufeff${readFileSync(path, 'utf8').replaceAll('\n', '\r\n')}`);
  }
  for (const args of [['plan'], APPLY, PUSH, ['state', 'list']]) {
    const { code, stderr } = await fleetform(args, cwd);
    assert.is(code, 0, `${args.join(' ')}: ${stderr}`);
  }
});

it('UTF-16 and Latin-1 are told', async () => {
  const { cwd, state } = await applied();
  for (const [path, args] of [
    [join(cwd, 'plan.json'), APPLY],
    [join(cwd, 'pushed.json'), PUSH],
    [state, ['plan']],
  ] as const) {
    const text = readFileSync(path, 'utf8');
    for (const [bytes, words] of [
      [Buffer.from(`\ufeff${text}`, 'utf16le'), /is UTF-16.*save it as\s+UTF-8/s],
      [Buffer.from(text.replace('live', '\u00e9'), 'latin1'), /is not text in\s+UTF-8/],
    ] as const) {
      writeFileSync(path, bytes);
      const { code, stderr } = await fleetform(args, cwd);
      assert.is(code, 1, args.join(' '));
      assert.match(stderr, words, args.join(' '));
    }
    writeFileSync(path, text);
  }
});

it('a variable with the line ends of a form', async () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  const env = { FLEETFORM_VAR_note: '\ufeffa\r\nb\r\n' };
  const { code, stdout, stderr } = await fleetform(['plan', '--json'], cwd, env);
  assert.is(code, 0, stderr);
  assert.match(stdout, '"a\\nb"');
  const flag = await fleetform(['plan', '--json', '--var', 'note=a\r\nb\n'], cwd);
  assert.match(flag.stdout, '"a\\nb"');
});

it.run();
