/** A value that is one variable is read by its place. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HEAD, load, refusal } from './scratch.ts';

const it = suite('desired: typed variables');

const of = (name: string) => `"$\{var.${name}}"`;
const VARS = 'vars: { n: null, p: null, t: "T", w: null }\n';
const file = (batch: string, head = '') =>
  `${HEAD}${VARS}${head}batches:\n  a: { template: ${of('t')}, target: { fleet: "1" }, ${batch} }\n`;
const vars = { n: '3', p: 'true', w: '1796094000' };

it('numbers, true and false, times and ids are what they say', async () => {
  const head = `limits: { create: ${of('n')}, cancel: 3, cancelPercent: ${of('n')}, servers: ${of('n')} }\nfleets: { eu: ${of('n')} }\n`;
  const once = file(
    `revision: ${of('n')}, paused: ${of('p')}, lifecycle: { preventCancel: ${of('p')} }, params: { x: ${of('p')}, y: ${of('n')} }`,
    head,
  );
  const desired = await load(once, { vars });
  assert.equal(desired.limits, { create: 3, cancel: 3, cancelPercent: 3, servers: 3 });
  const [batch] = desired.blocks;
  assert.equal(
    [batch?.when, batch?.paused, batch?.preventCancel],
    [{ kind: 'once', revision: 3 }, true, true],
  );
  assert.equal(batch?.params, [
    { name: 'x', value: 'true' },
    { name: 'y', value: '3' },
  ]);
  const timed = file(`executeAt: ${of('w')}, startingDeadline: "$\{var.n}m", paused: ${of('p')}`);
  const [late] = (await load(timed, { vars: { ...vars, p: 'false' } })).blocks;
  assert.equal(late?.when, { kind: 'at', executeAt: 1_796_094_000 });
  assert.equal([late?.startingDeadline, late?.paused], [180, false]);
  const [rfc] = (await load(timed, { vars: { ...vars, w: '2026-12-01T03:00:00Z' } })).blocks;
  assert.equal(rfc?.when, { kind: 'at', executeAt: 1_796_094_000 });
});

it('what may be a text stays one, and so does what stands in other text', async () => {
  const [batch] = (await load(file(`revision: 1, params: { x: ${of('n')} }`), { vars: { ...vars, t: '12' } }))
    .blocks;
  assert.equal(batch?.template, { name: '12' });
  const [told] = await refusal(load(file(`revision: "$\{var.n}0"`), { vars }));
  assert.match(told?.message ?? '', '"revision" of batch "a" is "30"; expected a whole number');
  const [escaped] = await refusal(load(file(`revision: "$$\{var.n}"`), { vars }));
  assert.match(escaped?.message ?? '', `is ${of('n')}; expected a whole number`);
});

it('a wrong one is told with its variable, its giver and what would be right', async () => {
  const cases = [
    [
      `limits: { create: ${of('n')} }\n`,
      '',
      { n: 'many' },
      '"limits.create" is "many" (variable "n", given by --var); expected a whole number, 0 or more',
    ],
    [
      `limits: { cancelPercent: ${of('n')} }\n`,
      '',
      { n: '101' },
      '"limits.cancelPercent" is "101" (variable "n", given by --var); expected a whole number from 0 to 100',
    ],
    [
      '',
      `revision: ${of('n')}`,
      { n: '1.5' },
      '"revision" of batch "a" is "1.5" (variable "n", given by --var); expected a whole number, 1 or more',
    ],
    [
      '',
      `paused: ${of('p')}`,
      { p: 'yes' },
      '"paused" of batch "a" is "yes" (variable "p", given by --var); expected true or false',
    ],
    [
      '',
      `paused: ${of('p')}`,
      { p: '' },
      '"paused" of batch "a" is "" (variable "p", given by --var); expected true or false',
    ],
    [
      '',
      `executeAt: ${of('w')}`,
      { w: 'tonight' },
      '"executeAt" of batch "a" is "tonight" (variable "w", given by --var), which is not a time; expected RFC 3339',
    ],
    [
      '',
      `executeAt: ${of('w')}`,
      { w: '2026-12-01T03:00:00' },
      'which is a local time without an offset; expected RFC 3339',
    ],
    ['', `executeAt: ${of('w')}`, { w: '99999999999' }, 'which lies after 2038'],
    [
      '',
      `executeAt: ${of('w')}`,
      { w: 'true' },
      '"executeAt" of batch "a" is "true" (variable "w", given by --var)',
    ],
    [
      `fleets: { eu: ${of('n')} }\n`,
      '',
      { n: '007' },
      '"fleets.eu" is "007" (variable "n", given by --var); expected an id',
    ],
    [
      `timezone: ${of('n')}\n`,
      '',
      { n: 'Mars' },
      '"timezone" is "Mars" (variable "n", given by --var), which is not an IANA',
    ],
  ] as const;
  for (const [head, batch, given, words] of cases) {
    const told = await refusal(load(file(batch, head), { vars: { ...vars, ...given } }));
    assert.is(told.length, 1, JSON.stringify(told));
    assert.ok(told[0]?.message.includes(words), `${told[0]?.message}\nhas no: ${words}`);
    assert.is(told[0]?.snippet?.includes('${var.'), true);
  }
  const env = { FLEETFORM_VAR_p: '0', FLEETFORM_VAR_n: '1', FLEETFORM_VAR_w: '1' };
  const [byEnv] = await refusal(load(file(`paused: ${of('p')}`), { env }));
  assert.match(byEnv?.message ?? '', '(variable "p", given by FLEETFORM_VAR_p)');
  const [byFile] = await refusal(load(file(`paused: ${of('t')}`), { env }));
  assert.match(byFile?.message ?? '', '(variable "t", given by fleetform.yaml:3:');
});

it.run();
