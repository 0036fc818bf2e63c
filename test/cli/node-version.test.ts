/** On a Node that is too old, a sentence says so, whatever is asked; and the entry can be read there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nodeTooOld } from '../../src/cli/node-version.ts';
import { CLI, fleetform, folder } from '../support/cli.ts';

const it = suite('the version of Node');

/** What Node 18 lacks of what we call is gone, too. */
const OLD = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.8' } });
delete URL.canParse;`;

for (const args of [['validate'], ['plan', '--json'], ['--version'], ['--help'], []]) {
  it(`an older Node is named: fleetform ${args.join(' ')}`, async () => {
    const cwd = folder({ 'hook.cjs': OLD });
    const hook = `--require=${join(cwd, 'hook.cjs')}`;
    const { code, stdout, stderr } = await fleetform(args, cwd, { NODE_OPTIONS: hook });
    assert.is(stderr, 'error: fleetform needs Node 20 or newer; this is 18.20.8\n');
    assert.is(stdout, '');
    assert.is(code, 1);
  });
}

it('what it needs is what its package says', () => {
  const { engines } = JSON.parse(readFileSync('package.json', 'utf8'));
  const oldest = Number(/^>=(\d+)$/.exec(engines.node)![1]);
  assert.is(nodeTooOld(`${oldest}.0.0`), undefined);
  assert.is(nodeTooOld(`${oldest + 80}.1.0`), undefined);
  assert.match(nodeTooOld(`${oldest - 1}.99.0`)!, `Node ${oldest} or newer`);
  assert.match(nodeTooOld('8.17.0')!, 'this is 8.17.0');
});

it('the entry has no syntax that an older Node cannot read', async () => {
  const text = readFileSync(CLI, 'utf8');
  const written = async (target: string) => (await transform(text, { target, minify: true })).code;
  assert.is(await written('node14'), await written('esnext'));
});

it.run();
