/** `npm run bench`: each row says something, and its arguments are checked. What the figures are is not tested here. */
import { spawnSync } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const it = suite('the benchmark');

function bench(...args: string[]) {
  return spawnSync(process.execPath, ['.build/bench/bench.mjs', ...args], { encoding: 'utf8' });
}

type Row = Readonly<Record<string, string | number | undefined>>;

it('measures each row of the sections that are named', () => {
  const { status, stdout, stderr } = bench(
    '--quick',
    '--json',
    '--runs',
    '1',
    'start-up',
    'growth',
    'package',
  );
  assert.is(status, 0, stderr);
  const { machine, sections } = JSON.parse(stdout);
  assert.is(machine.node, process.versions.node);
  assert.equal(
    sections.map(({ name }: { name: string }) => name),
    ['start-up', 'growth', 'package'],
  );
  const rows: Row[] = sections.flatMap((section: { rows: Row[] }) => section.rows);
  const names = rows.map(({ name }) => name);
  for (const name of [
    '--version',
    'validate, 1,000 batches',
    'plan, converged, 1,000 batches',
    'destroy, 100 to 1,000',
    'packed',
  ]) {
    assert.ok(names.includes(name), `${name} is not among ${names.join('; ')}`);
  }
  for (const { name, ...figures } of rows) {
    const found = Object.entries(figures).filter(([key]) => key !== 'aim');
    assert.ok(found.length > 0, `${name} has no figure`);
    for (const [key, value] of found) assert.ok(Number.isFinite(value), `${key} of ${name}: ${value}`);
  }
  const counted = (start: string) =>
    rows.find(({ name }) => String(name).startsWith(start) && String(name).endsWith('1,000 batches'))
      ?.requests;
  assert.ok(Number(counted('apply')) > 1000, 'one POST for each batch');
});

it('prints a table for people', () => {
  const { status, stdout, stderr } = bench('package');
  assert.is(status, 0, stderr);
  assert.match(stdout, /^the package\n {2}packed {10,}\d\.\d\d MB$/m);
});

it('refuses a section that there is not, and other flags', () => {
  for (const wrong of [['speed'], ['--fast'], ['--runs', 'many'], ['--runs', '0']]) {
    const { status, stdout, stderr } = bench(...wrong);
    assert.is(status, 1, wrong.join(' '));
    assert.match(stderr, 'usage: npm run bench');
    assert.is(stdout, '');
  }
});

it.run();
