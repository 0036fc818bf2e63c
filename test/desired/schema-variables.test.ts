/** Where an editor takes a variable, by the published schema alone, the loader puts its value in, and nowhere else. */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { load, refusal } from './scratch.ts';

const it = suite('desired: variables in the schema');
const schema = JSON.parse(readFileSync('schemas/desired-state.schema.json', 'utf8'));
const isValid = new Ajv2020({ strict: false }).compile(schema);

const once = (value: string) => ({
  batches: { a: { template: 'T', target: { fleet: '1' }, ...JSON.parse(value) } },
});
/** To an editor, whatever is written there may be right. */
const ANY_TEXT = new Set(['schedule.cron', 'schedule.timezone', 'freezes.name']);
const NONE = { batches: {} };
const SPREAD = { template: 'T', targets: [{ fleet: '1' }], executeAt: 1_796_094_000 };
const WEEKLY = { name: 'x', cron: '@weekly', timezone: 'UTC' };
/** `@` stands for the value; what the variable gives there. */
const PLACES: readonly (readonly [string, string, (text: string) => object])[] = [
  ...(['create', 'cancel', 'cancelPercent', 'servers'] as const).map(
    (key) => [`limits.${key}`, '3', (text: string) => ({ limits: { [key]: text }, ...NONE })] as const,
  ),
  ['revision', '3', (text) => once(JSON.stringify({ revision: text }))],
  ['paused', 'true', (text) => once(JSON.stringify({ paused: text }))],
  ['union', 'true', (text) => once(JSON.stringify({ union: text, target: { fleet: '1', region: '2' } }))],
  ['preventCancel', 'false', (text) => once(JSON.stringify({ lifecycle: { preventCancel: text } }))],
  ['executeAt', '1796094000', (text) => once(JSON.stringify({ executeAt: text }))],
  ['startingDeadline', '3m', (text) => once(JSON.stringify({ startingDeadline: text }))],
  ...(
    [
      ['cron', '30 4 * * *'],
      ['timezone', 'UTC'],
      ['horizon', '7d'],
      ['from', '1796094000'],
      ['until', '2030-01-01T00:00:00Z'],
    ] as const
  ).map(
    ([key, given]) =>
      [
        `schedule.${key}`,
        given,
        (text: string) =>
          once(JSON.stringify({ schedule: { cron: '@daily', timezone: 'UTC', horizon: '1d', [key]: text } })),
      ] as const,
  ),
  [
    'schedule.except',
    '2026-12-25',
    (text) =>
      once(JSON.stringify({ schedule: { cron: '@daily', timezone: 'UTC', horizon: '1d', except: [text] } })),
  ],
  ['spread', '10m', (text) => ({ batches: { a: { ...SPREAD, spread: text } } })],
  ...(['name', 'from', 'to'] as const).map(
    (key) =>
      [
        `freezes.${key}`,
        key === 'name' ? 'finals' : '1796094000',
        (text: string) => ({ freezes: [{ name: 'x', from: 1, to: 2_000_000_000, [key]: text }], ...NONE }),
      ] as const,
  ),
  ['freezes.duration', '1h', (text) => ({ freezes: [{ ...WEEKLY, duration: text }], ...NONE })],
  ['an alias', '7', (text) => ({ fleets: { eu: text }, ...NONE })],
  ['an instance', '7', (text) => once(JSON.stringify({ target: { instances: [text] } }))],
  ['api', 'sandbox', (text) => ({ api: text, ...NONE })],
  ['moved', 'b', (text) => ({ moved: [{ from: text, to: 'a' }], ...once('{}') })],
];

const VARIABLE = '$' + '{var.x}';

for (const [place, given, sections] of PLACES) {
  const document = (text: string) => ({ version: 1, name: 'n', vars: { x: null }, ...sections(text) });
  const loaded = (text: string) =>
    load(`${JSON.stringify(document(text), null, 1)}\n`, { vars: { x: given } });

  it(`${place} may be a variable`, async () => {
    assert.ok(isValid(document(VARIABLE)), JSON.stringify(isValid.errors));
    await loaded(VARIABLE);
  });

  if (ANY_TEXT.has(place)) continue;
  it(`${place} is no text that only looks like one`, async () => {
    for (const text of [`$${VARIABLE}`, 'no such', '$' + '{x}']) {
      assert.not(isValid(document(text)), text);
    }
    // Escaped, it is these characters themselves.
    const [told] = await refusal(loaded(`$${VARIABLE}`));
    assert.match(told?.message ?? '', 'var.x}"');
    assert.match(told?.message ?? '', 'expected');
  });

  it(`${place} is no value that looks like one`, async () => {
    const text = `${JSON.stringify(document(VARIABLE), null, 1)}\n`;
    const [told] = await refusal(load(text, { vars: { x: VARIABLE } }));
    assert.match(told?.message ?? '', 'var.x}"');
  });
}

it('a number, true or false is a variable alone; a text may have one in it', () => {
  const doc = (batch: object) => ({ version: 1, ...once(JSON.stringify(batch)) });
  assert.not(isValid(doc({ revision: `${VARIABLE}0` })));
  assert.not(isValid(doc({ paused: `not ${VARIABLE}` })));
  assert.ok(isValid(doc({ startingDeadline: `${VARIABLE}m` })));
  assert.ok(isValid(doc({ executeAt: `2026-12-01T${VARIABLE}:00:00Z` })));
});

it('what is no variable is as it was', () => {
  for (const [batch, is] of [
    [{ revision: 3 }, true],
    [{ revision: 0 }, false],
    [{ revision: '3' }, false],
    [{ paused: true }, true],
    [{ paused: 'true' }, false],
    [{ target: { fleet: '1', region: '2' } }, false],
    [{ target: { fleet: '1', region: '2' }, union: true }, true],
  ] as const) {
    assert.is(isValid({ version: 1, ...once(JSON.stringify(batch)) }), is, JSON.stringify(batch));
  }
});

it.run();
