/** When V8 is told to take its time with a large file, and that it is as it was afterwards. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inNoHurry } from '../../src/cli/in-no-hurry.ts';
import { loadDesired } from '../../src/desired/load.ts';
import { fleetform, folder } from '../support/cli.ts';

const it = suite('in no hurry');

function told(v8: string, ...expected: readonly number[]): string[] {
  const flags: string[] = [];
  const pace = inNoHurry(v8, (flag) => void flags.push(flag));
  for (const characters of expected) pace.expect(characters);
  pace.end();
  return flags;
}

it('the V8 of Node 20 optimises later while a large file is read, and as ever after it', () => {
  const flags = ['--interrupt-budget=1351680', '--interrupt-budget=67584'];
  assert.equal(told('11.3.244.8-node.30', 100_000), flags);
  assert.equal(told('11.3.244.8-node.30', 100_000, 100_000), flags);
});

it('a small file changes nothing, nor does one that was never read', () => {
  assert.equal(told('11.3.244.8-node.30', 32_767), []);
  assert.equal(told('11.3.244.8-node.30'), []);
});

it('a V8 that does not know the flag is not told it', () => {
  for (const v8 of ['12.4.254.21-node.33', '13.6.233.17-node.41', '110.0'])
    assert.equal(told(v8, 100_000), [], v8);
});

const batches = (from: number) =>
  Array.from(
    { length: 400 },
    (_, i) =>
      `  restart-${from + i}: { template: Restart game server, target: { fleet: "1" }, executeAt: ${1_900_000_000 + from + i} }\n`,
  ).join('');
const first = `version: 1\nname: live\nbatches:\n${batches(0)}`;
const second = `version: 1\nbatches:\n${batches(400)}`;

it('the size of all files together counts, and is told before they are parsed', async () => {
  const cwd = folder({ 'a.yaml': first, 'b.yaml': `${second}  broken` });
  const seen: number[] = [];
  const loading = loadDesired({
    cwd,
    files: ['a.yaml', 'b.yaml'],
    env: {},
    onRead: (n) => void seen.push(n),
  });
  await loading.then(
    () => assert.unreachable(),
    ({ code }) => assert.is(code, 'desired.invalid'),
  );
  assert.equal(seen, [first.length + second.length + '  broken'.length]);
});

it('of a large file, no Node has anything to say about flags', async () => {
  const cwd = folder({ 'a.yaml': first, 'b.yaml': second });
  const { code, stdout, stderr } = await fleetform(['validate', '-f', 'a.yaml', '-f', 'b.yaml'], cwd);
  assert.is(stderr, '');
  assert.is(code, 0);
  assert.match(stdout, '800 blocks in 2 files');
});

it.run();
