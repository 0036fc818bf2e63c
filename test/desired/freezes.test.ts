/** The file's freezes: what is read of them, how those of several files come together, what changes the digest. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadDesired, loadSettings } from '../../src/desired/load.ts';
import { folderOf, HEAD, load, refusal } from './scratch.ts';

const it = suite('desired: freezes');

const ALIASES = 'fleets: { eu: "11", us: "22" }\nregions: { ams: "42" }\n';
const file = (...freezes: string[]) =>
  `${HEAD}${ALIASES}freezes:\n${freezes.map((one) => `  - { ${one} }\n`).join('')}batches: {}\n`;
const FINALS =
  'name: finals, from: 2026-12-12T00:00:00Z, to: 2026-12-14T00:00:00+01:00, fleets: [us, "11"], regions: [ams]';
const WEEKENDS =
  'name: week ends, cron: "0 18 * * FRI", duration: 60h, timezone: Europe/Amsterdam, templates: [Deploy build, 12]';
const digest = async (text: string) => (await load(text)).digest;
const told = async (loading: Promise<unknown>) =>
  (await refusal(loading)).map(({ range, message }) => `${range?.file}:${range?.line} ${message}`);

it('one-off and recurring, by name, with ids in place of aliases and places for what is looked up', async () => {
  const { freezes, diagnostics } = await load(file(WEEKENDS, FINALS));
  assert.equal(
    freezes.map(({ at, templatesAt, ...rest }) => [
      rest,
      at.range.line,
      templatesAt.map(({ range }) => range.column),
    ]),
    [
      [
        {
          name: 'finals',
          from: Date.UTC(2026, 11, 12) / 1000,
          to: Date.UTC(2026, 11, 13, 23) / 1000,
          fleets: ['11', '22'],
          regions: ['42'],
        },
        7,
        [],
      ],
      [
        {
          name: 'week ends',
          cron: '0 18 * * 5',
          timezone: 'Europe/Amsterdam',
          duration: 216_000,
          templates: [{ id: '12' }, { name: 'Deploy build' }],
        },
        6,
        [115, 101],
      ],
    ],
  );
  assert.equal(
    diagnostics.map(({ message }) => message),
    ['fleet "eu" is not used'],
  );
});

it('none, or an empty list', async () => {
  assert.equal((await load(`${HEAD}batches: {}\n`)).freezes, []);
  assert.equal((await load(`${HEAD}freezes: []\nbatches: {}\n`)).freezes, []);
});

it('those of several files come together, and a name twice is told with both places', async () => {
  const cwd = folderOf({
    'd/a.yaml': file(FINALS),
    'd/b.yaml': `version: 1\nfreezes: [{ ${WEEKENDS} }]\n`,
    'c.yaml': `version: 1\nfreezes:\n  - { ${WEEKENDS.replace('week ends', 'finals')} }\n`,
  });
  const { freezes } = await loadDesired({ cwd, files: ['d'], env: {} });
  assert.equal(
    freezes.map(({ name }) => name),
    ['finals', 'week ends'],
  );
  const reversed = await loadDesired({ cwd, files: ['d/b.yaml', 'd/a.yaml'], env: {} });
  assert.is(reversed.digest, (await loadDesired({ cwd, files: ['d'], env: {} })).digest);
  assert.equal(await told(loadDesired({ cwd, files: ['d', 'c.yaml'], env: {} })), [
    'c.yaml:3 freeze "finals" is declared twice; first at d/a.yaml:6:13',
  ]);
});

it('each key changes the digest', async () => {
  const changed = [
    [FINALS, WEEKENDS],
    [FINALS],
    [FINALS.replace('finals', 'final'), WEEKENDS],
    [FINALS.replace('12T', '11T'), WEEKENDS],
    [FINALS.replace('14T', '15T'), WEEKENDS],
    [FINALS.replace('us, ', ''), WEEKENDS],
    [FINALS.replace(', fleets: [us, "11"]', ''), WEEKENDS],
    [FINALS.replace('[ams]', '[7]'), WEEKENDS],
    [FINALS.replace('fleets: [us, "11"], regions: [ams]', 'regions: ["11", "22"], fleets: ["42"]'), WEEKENDS],
    [FINALS, WEEKENDS.replace('18', '19')],
    [FINALS, WEEKENDS.replace('60h', '61h')],
    [FINALS, WEEKENDS.replace('Amsterdam', 'Paris')],
    [FINALS, WEEKENDS.replace('12]', '"12"]')],
    [FINALS, WEEKENDS.replace(', 12', '')],
  ];
  const digests = await Promise.all(changed.map((freezes) => digest(file(...freezes))));
  assert.is(new Set(digests).size, changed.length);
});

it('another order or writing of the same does not, nor the name of an alias', async () => {
  const before = await digest(file(FINALS, WEEKENDS));
  assert.is(await digest(file(WEEKENDS, FINALS)), before);
  assert.is(await digest(file(FINALS.replace('us, "11"', 'eu, us, 11'), WEEKENDS)), before);
  assert.is(await digest(file(FINALS, WEEKENDS).replaceAll(/\bus\b/g, 'west')), before);
  assert.is(await digest(file(FINALS, WEEKENDS.replace('Deploy build, 12', '12, Deploy build, 12'))), before);
  assert.is(await digest(file(FINALS, WEEKENDS.replace('FRI', '5').replace('60h', '2d12h'))), before);
});

it('all that is wrong is told at once, each at its place', async () => {
  const freezes = [
    'name: a, from: 2026-12-12, to: soon, fleets: [ue, us], regions: [mas], templates: [0x1]',
    'name: b, cron: "0 18 * *", duration: 367d, timezone: Mars/Olympus',
    'name: c, from: 3, to: 3',
    'name: c, from: 3, why: 4',
    'name: c, corn: "0 18 * * 5", duration: 1h, timezone: UTC',
    'from: 1, to: 2, cron: "0 18 * * 5", fleets: []',
  ];
  assert.equal(
    (await told(load(file(...freezes)))).map((line) => line.slice(14, 59)),
    [
      ':6 "freezes[0].from" is "2026-12-12", which i',
      ':6 "freezes[0].to" is "soon", which is not a ',
      ':6 unknown fleet "ue"; did you mean "eu"?',
      ':6 unknown region "mas"; did you mean "ams"?',
      ':6 "freezes[0].templates[0]" is "0x1"; expect',
      ':7 "freezes[1].cron" is "0 18 * *", which has',
      ':7 "freezes[1].duration" is "367d"; expected ',
      ':7 "freezes[1].timezone" is "Mars/Olympus", w',
      ':8 freezes[2] has no time: "to" is not after ',
      ':9 freeze "c" is declared twice; first at fle',
      ':9 freezes[3] has no "to"; expected from and ',
      ':9 unknown key "why" in freezes[3]; allowed: ',
      ':10 freeze "c" is declared twice; first at fl',
      ':10 unknown key "corn" in freezes[4]; did you',
      ':11 freezes[5] has no "name"; expected 1 to 6',
      ':11 freezes[5] has both "from" and "cron"; ex',
      ':11 "freezes[5].fleets" is an empty list; exp',
    ],
  );
});

it('what is about the recorded state alone does not ask for them', async () => {
  const text = file(`name: c, from: 3, to: "$${'{var.end}'}"`).replace(
    'freezes',
    'vars: { end: null }\nfreezes',
  );
  const cwd = folderOf({ 'fleetform.yaml': text });
  assert.is((await loadSettings({ cwd, files: ['fleetform.yaml'], env: {} })).name, 'live-ops');
});

it.run();
