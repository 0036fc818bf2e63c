/** What the API calls things never keeps the file from being read: names, odd or alike, and params that nobody tells. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compose } from '../../src/desired/compose.ts';
import { loadDesiredText } from '../../src/desired/load-given.ts';
import type { LiveBatch } from '../../src/model/live-batch.ts';

const it = suite('compose');

function live(
  id: number,
  name: string,
  fleet: string | null = null,
  more: Partial<LiveBatch> = {},
): LiveBatch {
  const targets = { fleets: fleet === null ? [] : [fleet], regions: [], instances: [], labels: [] };
  return {
    ids: [String(id)],
    template: { id: String(id), name },
    targets: fleet === null ? { ...targets, instances: ['77'] } : targets,
    executeAt: 1_900_000_000 + id,
    isPaused: false,
    servers: 1,
    gone: 0,
    mayHaveParams: false,
    ...more,
  };
}

async function written(batches: readonly LiveBatch[], fleetNames: ReadonlyMap<string, string> = new Map()) {
  const input = { name: 'x', api: 'sandbox', batches, leftOut: [], fleetNames, isAmbiguous: () => false };
  const text = await compose(input);
  return { text, desired: await loadDesiredText(text) };
}

it('any name of a template is a block that can be read; one that a file may not hold is its id', async () => {
  const odd = [
    '',
    'テンプレート',
    ['$', '{var.a}'].join(''),
    ['$$', '{x}'].join(''),
    'a\nb',
    'a\tb',
    '\u0000',
    'a\u2028b',
    '# x',
    ': {',
    ' pad ',
    'x'.repeat(300),
  ];
  for (const name of odd) {
    const { desired, text } = await written([live(5, name)]);
    assert.is(desired.blocks.length, 1, name);
    const isByName = ['テンプレート', '# x', ': {'].includes(name);
    assert.is(text.includes('template: 5 #') || /template: 5$/m.test(text), !isByName, `${name}\n${text}`);
  }
});

it('names that are alike, or what another is called once it has a number, are different blocks and aliases', async () => {
  const alike = ['A b', 'a-b', 'a_b', 'A-B-77', 'テ', 'template-5'].map((name, n) => live(n + 1, name));
  const blocks = (await written(alike)).desired.blocks.map(({ address }) => address.split('[')[0]);
  assert.is(new Set(blocks).size, alike.length);
  const fleets = ['x-6', 'x', '', 'X'].map((name, n): [string, string] => [String(n + 3), name]);
  const { desired } = await written(
    fleets.map(([id], n) => live(n + 1, 'Logs', id)),
    new Map(fleets),
  );
  assert.is(Object.keys(desired.aliases.fleets).length, 4);
});

it('what the API does not tell of params is a comment there', async () => {
  assert.match(
    (await written([live(1, 'Logs', null, { mayHaveParams: true })])).text,
    '# params: the API does not return',
  );
});

it.run();
