/** When a block runs: what is read of its keys, the offsets of its targets, and what changes the digest. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { When } from '../../src/model/desired.ts';
import { spreadOffsets } from '../../src/schedule/spread.ts';
import { HEAD, load, refusal } from './scratch.ts';

const it = suite('desired: timing');

const FLEETS = 'fleets: { eu: "11", us: "22" }\n';
const CRON = 'cron: "30 4 * * *", timezone: Europe/Amsterdam, horizon: 7d';
const block = (keys: string, name = 'nightly', targets = '[{ fleet: eu }, { fleet: us }]') =>
  `  ${name}:\n    template: T\n    targets: ${targets}\n    ${keys.replaceAll('\n', '\n    ')}\n`;
const file = (...blocks: string[]) => `${HEAD}${FLEETS}batches:\n${blocks.join('')}`;
const whens = async (text: string) => (await load(text)).blocks.map(({ when }) => when);
const digest = async (text: string) => (await load(text)).digest;
const TARGETS = ['11', '22'].map((id) =>
  JSON.stringify({ fleets: [id], regions: [], instances: [], labels: [] }),
);
const OFFSETS = spreadOffsets(TARGETS, 600);

it('a schedule, with what it leaves out by default', async () => {
  const [when] = await whens(file(block(`schedule: { ${CRON} }`)));
  const expected: When = {
    kind: 'schedule',
    schedule: {
      cron: '30 4 * * *',
      timezone: 'Europe/Amsterdam',
      horizon: 7 * 86_400,
      from: null,
      until: null,
      except: [],
    },
    offset: 0,
  };
  assert.equal(when, expected);
});

it('and all that it may have: days and times in any writing, sorted, each once', async () => {
  const except = [
    '2026-12-31',
    '"2026-12-25"',
    '2026-12-24T04:30:00+01:00',
    '2026-12-25',
    '2026-12-24 03:30:00Z',
    '2026-12-01T03:30:00Z',
  ];
  const keys = `schedule:
  cron: "@daily"
  timezone: UTC
  horizon: 1d12h
  from: 2026-12-01T00:00:00+01:00
  until: 1796094000
  except: [${except.join(', ')}]`;
  for (const text of [file(block(keys)), `# &a *a\n${file(block(keys))}x-a: &a 1\n`]) {
    const [when] = await whens(text);
    assert.equal(when?.kind === 'schedule' ? when.schedule : undefined, {
      cron: '0 0 * * *',
      timezone: 'UTC',
      horizon: 129_600,
      from: Date.UTC(2026, 10, 30, 23) / 1000,
      until: 1_796_094_000,
      except: [
        '2026-12-25',
        '2026-12-31',
        Date.UTC(2026, 11, 1, 3, 30) / 1000,
        Date.UTC(2026, 11, 24, 3, 30) / 1000,
      ],
    });
  }
});

it('in JSON and from variables', async () => {
  const of = (name: string) => `$${`{var.${name}}`}`;
  const schedule = { cron: of('cron'), timezone: 'UTC', horizon: `${of('days')}d`, until: of('until') };
  const batches = { a: { template: 'T', target: { fleet: '1' }, schedule } };
  const text = JSON.stringify({ version: 1, name: 'n', vars: { cron: null, days: 3, until: null }, batches });
  const { blocks } = await load(`${text}\n`, { vars: { cron: '0 4 * * MON', until: '1796094000' } });
  const [when] = blocks.map((one) => one.when);
  assert.is(when?.kind, 'schedule');
  if (when?.kind !== 'schedule') return;
  assert.equal(
    [when.schedule.cron, when.schedule.horizon, when.schedule.until],
    ['0 4 * * 1', 259_200, 1_796_094_000],
  );
});

it('spread moves each target by its share, at a time and in a schedule', async () => {
  const at = 1_796_094_000;
  const [first, second] = OFFSETS as [number, number];
  assert.ok(first !== second && first > 0 && second > 0);
  assert.equal(await whens(file(block(`executeAt: ${at}\nspread: 10m`))), [
    { kind: 'at', executeAt: at + first },
    { kind: 'at', executeAt: at + second },
  ]);
  const scheduled = await whens(file(block(`schedule: { ${CRON} }\nspread: 10m`)));
  assert.equal(
    scheduled.map((when) => when.kind === 'schedule' && when.offset),
    OFFSETS,
  );
});

it('a share is the same whatever the block, the alias and the list are', async () => {
  const keys = `schedule: { ${CRON} }\nspread: 10m`;
  const offsets = async (text: string) =>
    (await load(text)).blocks.map(({ when, targets }) => [
      targets.fleets[0],
      when.kind === 'schedule' && when.offset,
    ]);
  const expected = [
    ['11', OFFSETS[0]],
    ['22', OFFSETS[1]],
  ];
  assert.equal(await offsets(file(block(keys))), expected);
  assert.equal(await offsets(file(block(keys, 'other'))), expected);
  assert.equal(await offsets(file(block(keys)).replaceAll(/\beu\b/g, 'west')), expected);
  assert.equal(await offsets(file(block(keys, 'n', '[{ fleet: "11" }, { fleet: 22 }]'))), expected);
  assert.equal(
    await offsets(file(block(keys, 'n', '[{ fleet: us }, { fleet: eu }]'))),
    expected.toReversed(),
  );
  assert.equal(await offsets(file(block(keys, 'n', '[{ fleet: us }]'))), expected.slice(1));
});

const FULL = `schedule: { ${CRON}, from: 1790000000, until: 1890000000, except: [2026-12-25] }\nspread: 10m`;

it('each key changes the digest', async () => {
  const changed = [
    FULL,
    FULL.replace('30 4', '31 4'),
    FULL.replace('Amsterdam', 'Paris'),
    FULL.replace('7d', '8d'),
    FULL.replace('1790000000', '1790000001'),
    FULL.replace('from: 1790000000, ', ''),
    FULL.replace('1890000000', '1890000001'),
    FULL.replace('until: 1890000000, ', ''),
    FULL.replace('2026-12-25', '2026-12-26'),
    FULL.replace('2026-12-25', '2026-12-25, 2026-12-26'),
    FULL.replace('2026-12-25', ''),
    FULL.replace('10m', '11m'),
    FULL.replace('\nspread: 10m', ''),
  ];
  const digests = await Promise.all(changed.map((keys) => digest(file(block(keys)))));
  assert.is(new Set(digests).size, changed.length);
});

it('another writing of the same does not', async () => {
  const before = await digest(file(block(FULL)));
  for (const keys of [
    FULL.replace(
      /\{ (.*), from: (.*), until: (.*), except.*\}/,
      (_, cron, from, until) =>
        `# of the night\n  { except: ["2026-12-25", 2026-12-25], until: ${until}, from: ${from},\n    ${cron} }`,
    ),
    FULL.replace('7d', '6d24h').replace('10m', '600s'),
    FULL.replace('1790000000', new Date(1_790_000_000_000).toISOString()),
    FULL.replace('30 4 * * *', '30  04 * * *'),
  ]) {
    assert.is(await digest(file(block(keys))), before, keys);
  }
});

it('all that is wrong with a schedule is told at once, each at its place', async () => {
  const keys = `revision: 3
spread: 2d
schedule:
  cron: "30 24 * * *"
  timezone: Europe/Amsterdm
  horizon: 1s
  from: 2026-12-01
  until: soon
  except: [2026-02-30, 2026-12-25, tomorrow]
  when: never`;
  const told = await refusal(load(file(block(keys))));
  assert.equal(
    told.map(({ range, code }) => `${range?.line} ${code}`),
    [
      '8 desired.conflict',
      '9 desired.invalid-value',
      '11 desired.cron',
      '12 desired.invalid-value',
      '13 desired.invalid-value',
      '14 desired.time',
      '15 desired.time',
      '16 desired.time',
      '16 desired.time',
      '17 desired.unknown-key',
    ],
  );
  assert.match(told[2]?.hint ?? '', '0 to 23');
  for (const { message } of told) assert.not.match(message, /croner|CronPattern/i);
});

for (const [what, limits, isLeft] of [
  ['a year in which 29 February is not', 'from: 2026-03-01T00:00:00Z, until: 2027-03-01T00:00:00Z', false],
  ['nine years', 'from: 2026-03-01T00:00:00Z, until: 2035-03-01T00:00:00Z', true],
  ['the end of all times', 'from: 2037-12-31T00:00:00Z', false],
  ['its only day', 'from: 2028-02-29T00:00:00Z, until: 2028-03-01T00:00:00Z', true],
  [
    'its only day, excepted',
    'from: 2028-02-29T00:00:00Z, until: 2028-03-01T00:00:00Z, except: [2028-02-29]',
    false,
  ],
  [
    'its only moment, excepted',
    'from: 2028-02-29T00:00:00Z, until: 2028-03-01T00:00:00Z, except: [2028-02-29T04:30:00Z]',
    false,
  ],
  ['an end alone', 'until: 1970-01-02T00:00:00Z', true],
] as const) {
  it(`${isLeft ? 'something' : 'nothing'} is left in ${what}`, async () => {
    const loading = load(
      file(block(`schedule: { cron: "30 4 29 2 *", timezone: UTC, horizon: 7d, ${limits} }`)),
    );
    if (isLeft) await loading;
    else assert.match((await refusal(loading))[0]?.message ?? '', 'has no occurrence');
  });
}

const OF = (keys: string) => `schedule: { ${CRON}${keys === '' ? '' : `, ${keys}`} }`;
for (const [what, one, other, isTold] of [
  ['with other horizons', OF(''), OF('').replace('7d', '8d'), true],
  ['with other exceptions', OF('except: [2026-12-25]'), OF('except: [2026-12-26]'), true],
  ['one of which is within the other', OF(''), OF('from: 1796094000, until: 1796994000'), true],
  ['that take turns', OF('until: 2026-12-01T00:00:00+01:00'), OF('from: 2026-12-01T00:00:00+01:00'), false],
  [
    'that have one night in common',
    OF('until: 2026-12-02T00:00:00+01:00'),
    OF('from: 2026-12-01T00:00:00+01:00'),
    true,
  ],
  [
    'whose only common night is excepted',
    OF('until: 2026-12-02T00:00:00+01:00'),
    OF('from: 2026-12-01T00:00:00+01:00, except: [2026-12-01]'),
    false,
  ],
  ['spread alike', `${OF('')}\nspread: 10m`, `${OF('')}\nspread: 10m`, true],
  ['spread otherwise', `${OF('')}\nspread: 10m`, `${OF('')}\nspread: 20m`, false],
  ['one of which is spread', OF(''), `${OF('')}\nspread: 10m`, false],
  ['in another zone', OF(''), OF('').replace('Amsterdam', 'Paris'), false],
  ['written otherwise', OF(''), OF('').replace('30 4', '30 04'), true],
  ['with other params', OF(''), `${OF('')}\nparams: { a: 1 }`, false],
  [
    'at a time, spread alike',
    'executeAt: 1796094000\nspread: 10m',
    'executeAt: 1796094000\nspread: 10m',
    true,
  ],
  ['at a time, spread otherwise', 'executeAt: 1796094000\nspread: 10m', 'executeAt: 1796094000', false],
] as const) {
  it(`two blocks ${what} are ${isTold ? '' : 'no '}twins`, async () => {
    const loading = load(file(block(one, 'a'), block(other, 'b')));
    if (!isTold) await loading;
    else {
      const told = await refusal(loading);
      assert.equal(
        told.map(({ code }) => code),
        ['desired.twins', 'desired.twins'],
      );
    }
  });
}

it('a time moved onto the time of another is the same run', async () => {
  const spread = block('executeAt: 1796094000\nspread: 10m', 'a');
  const exact = block(`executeAt: ${1_796_094_000 + OFFSETS[1]!}`, 'b', '[{ fleet: us }]');
  const told = await refusal(load(file(spread, exact)));
  assert.equal(
    told.map(({ message }) => message.slice(0, 39).trim()),
    ['batches "b[fleet:us]" and "a[fleet:us]"'],
  );
});

it.run();
