import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { moveEntries, renameAddresses } from '../../../src/plan/sameness/moves.ts';
import { desiredBatch, entry, intent, state } from '../../support/builders.ts';

const it = suite('moves');
const place = desiredBatch('x').at;
const AT = '@2026-12-01T03:30:00Z';

function move(addresses: string, ...moved: string[]) {
  const names = addresses.split(' ');
  const record = state(Object.fromEntries(names.map((name, i) => [name, entry([String(41 + i)])])));
  const list = moved.map((text) => {
    const [from = '', to = ''] = text.split('>');
    return { from, to, ...place };
  });
  const { state: after, moves, diagnostics } = moveEntries(record, list);
  return [
    ...Object.entries(after.entries).map(([address, { batchIds }]) => `${address}=${batchIds}`),
    ...moves.map(({ from, to }) => `${from}>${to}`),
    ...diagnostics.map(({ code, address }) => `${code} ${address}`),
  ].join(' ');
}

for (const [what, found, expected] of [
  ['nothing is moved', move('a'), 'a=41'],
  ['one', move('a', 'a>b'), 'b=41 a>b'],
  ['what the state does not know', move('a', 'x>y'), 'a=41'],
  ['one after the other', move('a', 'a>b', 'b>c'), 'c=41 a>c'],
  [
    'a block with all its addresses',
    move('n[fleet:eu] n[fleet:us]', 'n>m'),
    'm[fleet:eu]=41 m[fleet:us]=42 n[fleet:eu]>m[fleet:eu] n[fleet:us]>m[fleet:us]',
  ],
  [
    'a schedule with all its occurrences',
    move(`n[fleet:eu]${AT} n[fleet:us]${AT}`, 'n[fleet:eu]>n[fleet:west]'),
    `n[fleet:west]${AT}=41 n[fleet:us]${AT}=42 n[fleet:eu]${AT}>n[fleet:west]${AT}`,
  ],
  [
    'a schedule that got targets, and its block',
    move(`n${AT}`, 'n>m[fleet:eu]'),
    `m[fleet:eu]${AT}=41 n${AT}>m[fleet:eu]${AT}`,
  ],
  [
    'a block with all its occurrences',
    move(`n[fleet:eu]${AT} n${AT}`, 'n>m'),
    `m[fleet:eu]${AT}=41 m${AT}=42 n${AT}>m${AT} n[fleet:eu]${AT}>m[fleet:eu]${AT}`,
  ],
  [
    'an occurrence with its block, then alone, then with another block',
    move(`n[fleet:eu]${AT}`, 'n>m', 'm[fleet:eu]>m[fleet:west]', 'm>o'),
    `o[fleet:west]${AT}=41 n[fleet:eu]${AT}>o[fleet:west]${AT}`,
  ],
  ['an occurrence onto another', move(`n${AT} m${AT}`, 'n>m'), `n${AT}=41 m${AT}=42 plan.moved-onto m${AT}`],
  [
    'one address of it',
    move('n[fleet:eu] n[fleet:us]', 'n[fleet:eu]>m'),
    'm=41 n[fleet:us]=42 n[fleet:eu]>m',
  ],
  [
    'with its block, then alone, then with another block',
    move('n[fleet:eu] n[fleet:us]', 'k>l', 'm[fleet:eu]>k[fleet:eu]', 'm>o', 'n>m', 'l>p'),
    'p[fleet:eu]=41 o[fleet:us]=42 n[fleet:eu]>p[fleet:eu] n[fleet:us]>o[fleet:us]',
  ],
  [
    'the first of two that take it',
    move('n[fleet:eu]', 'n>m', 'n[fleet:eu]>k'),
    'm[fleet:eu]=41 n[fleet:eu]>m[fleet:eu]',
  ],
  ['from a block to one of its addresses', move('n', 'n>n[fleet:eu]'), 'n[fleet:eu]=41 n>n[fleet:eu]'],
  ['a circle', move('a b[x]', 'a>b', 'b>a', 'b[x]>c[x]', 'c[x]>b[x]'), 'a=41 b[x]=42'],
  ['into a circle of blocks and addresses', move('z[x] n[x]', 'z>n', 'n>m', 'm[x]>n[x]'), 'z[x]=41 n[x]=42'],
  ['to itself', move('a', 'a>a'), 'a=41'],
  ['onto what the state knows', move('a b', 'a>b'), 'a=41 b=42 plan.moved-onto b'],
  ['two onto one', move('a b', 'a>c', 'b>c'), 'c=41 b=42 a>c plan.moved-onto c'],
] as const) {
  it(what, () => assert.is(found, expected));
}

it('what is in doubt moves along, and is no less in the way', () => {
  const record = state({ b: entry(['41']) }, { intents: [intent('a')] });
  const moved = moveEntries(record, [{ from: 'a', to: 'c', ...place }]);
  assert.equal(
    moved.state.intents.map(({ address }) => address),
    ['c'],
  );
  assert.is(moveEntries(record, [{ from: 'b', to: 'a', ...place }]).diagnostics[0]?.code, 'plan.moved-onto');
});

it('names that change places all at once lose nothing', () => {
  const record = state({ a: entry(['41']), b: entry(['42']) }, { intents: [intent('a')] });
  const after = renameAddresses(
    record,
    new Map([
      ['a', 'b'],
      ['b', 'a'],
    ]),
  );
  assert.equal([after.entries.a?.batchIds, after.entries.b?.batchIds], [['42'], ['41']]);
  assert.equal(after.intents[0]?.address, 'b');
  assert.is(renameAddresses(record, new Map()), record);
});

it.run();
