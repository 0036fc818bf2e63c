import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HEAD, load, refusal } from './scratch.ts';

const FULL = `version: 1
name: live-ops
api: { url: https://api.example.net/ }
state: { backend: local }
timezone: Europe/Amsterdam
vars: { build: "8812", zeros: 007, never: null }
fleets: { eu: "1394296486561117717", us: 1394296486561117719 }
regions: { ams: 42 }
claims: { templates: [Restart game server, 12, "12", 12] }
limits: { create: 50, cancel: 0, cancelPercent: 30, servers: 2000 }
batches:
  nightly:
    template: Restart game server
    targets:
      - fleet: eu
      - region: ams
      - instances: ["6268349608002583795"]
      - instances: [20, "6268349608002583795", 3]
      - labels: { tier: gold, 'a b': 'x,y=[z]@' }
  hotfix:
    template: 12
    target: { fleet: 1394296486561117718 }
    params: { zeta: 1.50, buildId: "b\${var.build}", quiet: true, literal: "$\${var.build}", nr: "\${var.zeros}" }
    executeAt: 2026-12-01T03:00:00+01:00
    startingDeadline: 1h30m
    paused: false
    lifecycle: { preventCancel: true }
  both:
    template: "12"
    union: true
    target: { region: ams, fleet: us }
    revision: 3
  later:
    template: Collect \${var.never}
    target: { region: ams }
    executeAt: 1796094000
`;

const whole = suite('desired: a whole file');

whole('settings', async () => {
  const desired = await load(FULL, { vars: { never: 'logs' } });
  assert.is(desired.name, 'live-ops');
  assert.equal(desired.api, { kind: 'http', url: 'https://api.example.net' });
  assert.equal(desired.state, { backend: 'local' });
  assert.is(desired.timezone, 'Europe/Amsterdam');
  assert.equal(desired.claims.templates, [{ name: 'Restart game server' }, { id: '12' }, { name: '12' }]);
  assert.equal(desired.limits, { create: 50, cancel: 0, cancelPercent: 30, servers: 2000 });
  assert.equal({ ...desired.aliases.fleets }, { eu: '1394296486561117717', us: '1394296486561117719' });
  assert.equal({ ...desired.aliases.regions }, { ams: '42' });
  assert.equal(desired.diagnostics, []);
});

whole('addresses, targets and their words, in the order of the file', async () => {
  const { blocks } = await load(FULL, { vars: { never: 'logs' } });
  assert.equal(
    blocks.map(({ address, targetText }) => [address, targetText]),
    [
      ['nightly[fleet:eu]', 'fleet eu'],
      ['nightly[region:ams]', 'region ams'],
      ['nightly[instances:6268349608002583795]', 'game server 6268349608002583795'],
      // sha256 of "3,20,6268349608002583795"
      ['nightly[instances:3+2~cbbd7d]', '3 game servers'],
      ['nightly[labels:a%20b=x%2Cy%3D%5Bz%5D%40,tier=gold]', 'labels a b=x,y=[z]@, tier=gold'],
      ['hotfix', 'fleet 1394296486561117718'],
      ['both', 'fleet us + region ams'],
      ['later', 'region ams'],
    ],
  );
  const empty = { fleets: [], regions: [], instances: [], labels: [] };
  assert.equal(blocks[0]?.targets, { ...empty, fleets: ['1394296486561117717'] });
  assert.equal(blocks[3]?.targets, { ...empty, instances: ['3', '20', '6268349608002583795'] });
  assert.equal(blocks[4]?.targets.labels, [
    { key: 'a b', value: 'x,y=[z]@' },
    { key: 'tier', value: 'gold' },
  ]);
  assert.equal(blocks[6]?.targets, { ...empty, fleets: ['1394296486561117719'], regions: ['42'] });
});

whole('what a batch says', async () => {
  const { blocks } = await load(FULL, { vars: { never: 'logs' } });
  const [, , , , , hotfix, both, later] = blocks;
  assert.equal(hotfix?.template, { id: '12' });
  assert.equal(hotfix?.params, [
    { name: 'buildId', value: 'b8812' },
    { name: 'literal', value: `$${'{var.build}'}` },
    { name: 'nr', value: '007' },
    { name: 'quiet', value: 'true' },
    { name: 'zeta', value: '1.50' },
  ]);
  assert.equal(hotfix?.when, { kind: 'at', executeAt: Date.UTC(2026, 11, 1, 2) / 1000 });
  assert.is(hotfix?.startingDeadline, 5400);
  assert.is(hotfix?.paused, false);
  assert.is(hotfix?.preventCancel, true);
  assert.equal(both?.template, { name: '12' });
  assert.equal(both?.when, { kind: 'once', revision: 3 });
  assert.is(both?.paused, undefined);
  assert.is(both?.preventCancel, false);
  assert.is(both?.startingDeadline, 300);
  assert.equal(later?.template, { name: 'Collect logs' });
  assert.equal(later?.when, { kind: 'at', executeAt: 1796094000 });
});

whole('places: a batch at its name, one of several at its target', async () => {
  const { blocks } = await load(FULL, { vars: { never: 'logs' } });
  const places = blocks.map(
    ({
      at: {
        range: { file, line, column },
      },
    }) => `${file}:${line}:${column}`,
  );
  assert.equal(places.slice(0, 2), ['fleetform.yaml:15:9', 'fleetform.yaml:16:9']);
  assert.is(places[5], 'fleetform.yaml:20:3');
});

whole('a byte order mark, CRLF and aliases of YAML change nothing', async () => {
  const anchored = `${HEAD}batches:
  a: { template: T, target: &where { fleet: "1" }, params: &p { x: 1 } }
  b: { template: U, target: *where, params: *p }
`;
  const plain = await load(`${HEAD}batches:
  a: { template: T, target: { fleet: "1" }, params: { x: 1 } }
  b: { template: U, target: { fleet: "1" }, params: { x: 1 } }
`);
  for (const text of [anchored, `\ufeff${anchored}`, anchored.replaceAll('\n', '\r\n')]) {
    assert.is((await load(text)).digest, plain.digest);
  }
});

whole(
  'an alias stands for the anchor before it, also in a copy, where the name of the anchor comes again',
  async () => {
    const { blocks } = await load(`${HEAD}batches:
  a: { template: &x One, target: &where { fleet: "1" } }
  b: { template: T, target: *where, params: &y { which: *x } }
  c: { template: &x Two, target: *where, params: *y }
`);
    const which = blocks.map(({ params }) => params[0]?.value);
    assert.equal(which, [undefined, 'One', 'One']);
  },
);

whole('the sandbox, no limits, no batches', async () => {
  const desired = await load(`${HEAD}api: sandbox\nbatches: {}\n`);
  assert.equal(desired.api, { kind: 'sandbox' });
  assert.equal(desired.limits, {});
  assert.equal(desired.blocks, []);
  assert.is(desired.timezone, undefined);
});

whole('names that mean something to JavaScript are only names', async () => {
  const { blocks } = await load(
    `${HEAD}fleets: { constructor: "7" }\nbatches:\n  toString: { template: T, target: { fleet: constructor } }\n`,
  );
  assert.is(blocks[0]?.address, 'toString');
  assert.equal(blocks[0]?.targets.fleets, ['7']);
  const [unknown] = await refusal(
    load(`${HEAD}batches: { a: { template: T, target: { fleet: valueOf } } }\n`),
  );
  assert.match(unknown?.message ?? '', 'unknown fleet "valueOf"');
  assert.is(({} as Record<string, unknown>).paused, undefined);
});

whole('what is declared and not used is a note', async () => {
  const { diagnostics } = await load(
    `${HEAD}vars: { x: 1 }\nfleets: { eu: 1, us: 2 }\nbatches: { a: { template: T, target: { fleet: us } } }\n`,
  );
  assert.equal(
    diagnostics.map(({ severity, code, message, range }) => [severity, code, message, range?.line]),
    [
      ['note', 'desired.unused', 'variable "x" is not used', 3],
      ['note', 'desired.unused', 'fleet "eu" is not used', 4],
    ],
  );
});

whole('all errors at once, in the order of the file', async () => {
  const diagnostics = await refusal(
    load(`version: 2
name: Big
limits: { creat: 1, cancel: x }
batches:
  a:
    template: [T]
    target: { fleet: eu }
    executeAt: soon
  b:
    targets: []
    paused: 1
  c: { template: T, target: { instances: [1, 1] }, revision: 1, executeAt: 5 }
`),
  );
  assert.equal(
    diagnostics.map(({ code, range }) => `${range?.line}:${range?.column} ${code}`),
    [
      '1:10 desired.invalid-value',
      '2:7 desired.invalid-value',
      '3:11 desired.unknown-key',
      '3:29 desired.invalid-value',
      '6:15 desired.invalid-value',
      '7:22 desired.unknown-alias',
      '8:16 desired.time',
      '9:3 desired.missing-key',
      '10:14 desired.invalid-value',
      '11:13 desired.invalid-value',
      '12:46 desired.duplicate',
      '12:52 desired.conflict',
    ],
  );
});

whole.run();

const digests = suite('desired: digest');
const digestOf = async (body: string) => (await load(HEAD + body)).digest;
const BODY = `fleets: { eu: "1394296486561117717" }
batches:
  a: { template: T, target: { fleet: eu }, params: { x: "1", y: z } }
  b: { template: T, target: { instances: [1, 2] }, executeAt: 2026-12-01T03:00:00Z }
`;

digests('order, comments, quotes, names of aliases and ways to write a time do not count', async () => {
  const digest = await digestOf(BODY);
  const same = `# a comment
batches:
  "b":
    executeAt: 2026-12-01T04:00:00+01:00
    target:
      instances:
      - '2'
      - "1"
    template: "T"
    startingDeadline: 300s
  a:
    params:
      y: "z" # more
      x: 1
    target: { fleet: europe }
    template: T
fleets: { europe: 1394296486561117717 }
timezone: UTC
state: { backend: local }
`;
  // An address has the alias's name in it only where there are several targets.
  assert.is(await digestOf(same), digest);
  assert.match(digest, /^[0-9a-f]{64}$/);
});

for (const [what, from, to] of [
  ['a time', '03:00:00Z', '03:00:01Z'],
  ['an id', '117717', '117718'],
  ['a parameter', 'x: "1"', 'x: "2"'],
  ['a template', 'a: { template: T', 'a: { template: U'],
  ['a name', '  a: {', '  aa: {'],
  ['a limit', 'batches:', 'limits: { create: 1 }\nbatches:'],
  ['a claim', 'batches:', 'claims: { templates: [T] }\nbatches:'],
  ['the API', 'batches:', 'api: sandbox\nbatches:'],
  ['a pause', 'a: { ', 'a: { paused: true, '],
  ['a revision', 'a: { ', 'a: { revision: 2, '],
  ['a deadline', 'a: { ', 'a: { startingDeadline: 1m, '],
  ['preventCancel', 'a: { ', 'a: { lifecycle: { preventCancel: true }, '],
] as const) {
  digests(`${what} counts`, async () => {
    assert.ok(BODY.includes(from));
    assert.is.not(await digestOf(BODY.replace(from, to)), await digestOf(BODY));
  });
}

digests.run();
