/**
 * A reviewer's afternoon: a file with 40 batches changed in a git repository. The terminal, the comment, the page and
 * the saved plan tell the same; hostile words stay words; what is applied is what was reviewed.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { git } from '../pipelines/workspace.ts';
import { fleetform, folder, inHours } from '../support/cli.ts';

const it = suite('review');

const HEAD = [
  'version: 1',
  'name: live-ops',
  'api: sandbox',
  'timezone: Europe/Amsterdam',
  'fleets: { eu: "1394296486561117717", us: "1394296486561117718" }',
];

function fileWith(nights: readonly { readonly name: string; readonly time: string }[], more = ''): string {
  const blocks = nights.map(
    ({ name, time }) =>
      `  ${name}: { template: Restart game server, targets: [{ fleet: eu }, { fleet: us }], executeAt: ${time} }`,
  );
  return `${[...HEAD, 'batches:', ...blocks].join('\n')}\n${more}`;
}

const NIGHTS = Array.from({ length: 20 }, (_, i) => ({
  name: `night-${String(i).padStart(2, '0')}`,
  time: inHours(24 * (i + 1)),
}));

async function fortyApplied(): Promise<string> {
  const cwd = folder({ 'fleetform.yaml': fileWith(NIGHTS) });
  git(cwd, 'init', '--quiet');
  git(cwd, 'add', 'fleetform.yaml');
  git(cwd, 'commit', '--quiet', '--message', 'Twenty nights');
  const { code, stdout } = await fleetform(['apply', '--auto-approve'], cwd);
  assert.is(code, 0);
  assert.match(stdout, 'Apply complete: 40 created');
  return cwd;
}

/** Three nights moved, two gone, one renamed, and a build for both fleets. */
function changed(): string {
  const nights = NIGHTS.filter(({ name }) => !['night-07', 'night-11'].includes(name)).map((night) => {
    if (night.name === 'night-19') return { ...night, name: 'last-night' };
    const isMoved = ['night-02', 'night-03', 'night-04'].includes(night.name);
    return isMoved ? { ...night, time: later(night.time) } : night;
  });
  const build = `  build: { template: Deploy build, targets: [{ fleet: eu }, { fleet: us }], params: { buildId: "8812" }, executeAt: ${inHours(12)} }\n`;
  return fileWith(nights, build);
}

function later(time: string): string {
  return new Date(Date.parse(time) + 30_000).toISOString().replace('.000Z', 'Z');
}

const LINE = 'Plan: 2 to create, 6 to replace, 4 to cancel, 0 to update, 0 to adopt, 2 to move.';

it('the terminal, the comment, the page and the plan tell the same numbers; apply does exactly that', async () => {
  const cwd = await fortyApplied();
  writeFileSync(join(cwd, 'fleetform.yaml'), changed());
  git(cwd, 'commit', '--quiet', '--all', '--message', 'The winter');
  const planned = await fleetform(
    ['plan', '--out', 'live.plan.json', '--markdown', 'comment.md', '--html', 'plan.html'],
    cwd,
  );
  assert.is(planned.code, 0, planned.stderr);
  const comment = readFileSync(join(cwd, 'comment.md'), 'utf8');
  const page = readFileSync(join(cwd, 'plan.html'), 'utf8');
  const plan = JSON.parse(readFileSync(join(cwd, 'live.plan.json'), 'utf8'));
  for (const text of [planned.stdout, comment, page]) assert.ok(text.includes(LINE), text.slice(0, 2000));
  const { create, replace, cancel, adopt, move, servers } = plan.summary;
  assert.equal([create, replace, cancel, adopt, move], [2, 6, 4, 0, 2]);
  for (const text of [comment, page]) assert.ok(text.includes(`${servers} game servers`), `no ${servers}`);
  for (const { address, action } of plan.changes) {
    if (action === 'no-op') continue;
    for (const text of [planned.stdout, comment, page]) assert.ok(text.includes(address), address);
  }
  const rows = comment.split('\n').filter((line) => /^\| `[-+/<~!]/.test(line));
  // One for each block.
  assert.is(rows.length, 6);
  assert.is(plan.moves.length, 2);
  for (const { from, to } of plan.moves)
    for (const text of [planned.stdout, comment, page])
      assert.ok(text.includes(from) && text.includes(to), `${from} -> ${to}`);
  assert.ok(comment.length < 60_000);

  const applied = await fleetform(['apply', 'live.plan.json'], cwd);
  assert.is(applied.code, 0, applied.stderr);
  assert.match(
    applied.stdout,
    'Apply complete: 2 created, 6 replaced, 4 cancelled, 0 updated, 0 adopted, 2 moved.',
  );
  assert.is((await fleetform(['plan', '--detailed-exitcode'], cwd)).code, 0);
});

it('a plan made before a colleague applied is refused, says what changed, and nothing is done', async () => {
  const cwd = await fortyApplied();
  writeFileSync(join(cwd, 'fleetform.yaml'), changed());
  assert.is((await fleetform(['plan', '--out', 'mine.plan.json'], cwd)).code, 0);
  const colleague = await fleetform(['apply', '--auto-approve', '--target', 'build'], cwd);
  assert.is(colleague.code, 0, colleague.stderr);
  const before = readFileSync(join(cwd, '.fleetform/live-ops.state.json'), 'utf8');
  const refused = await fleetform(['apply', 'mine.plan.json'], cwd);
  assert.is(refused.code, 1);
  assert.match(refused.stderr, 'the plan is stale');
  assert.match(refused.stderr, 'the state has been written since');
  assert.match(refused.stderr, /is stale \(nothing is left to do of 2 of its \d+ changes\):/);
  assert.not.match(refused.stderr, /build\[fleet:eu\]: was to create/);
  assert.match(refused.stderr, 'Nothing was done.');
  assert.is(readFileSync(join(cwd, '.fleetform/live-ops.state.json'), 'utf8'), before);
});

it('what happens outside of a plan leaves it as it is, and is left alone by it', async () => {
  const cwd = await fortyApplied();
  const more = `  build: { template: Deploy build, target: { fleet: eu }, params: { buildId: "1" }, executeAt: ${inHours(12)} }\n`;
  writeFileSync(join(cwd, 'fleetform.yaml'), fileWith(NIGHTS, more));
  assert.is((await fleetform(['plan', '--out', 'mine.plan.json'], cwd)).code, 0);
  // Somebody else cancels a batch of ours, by another file of the same sandbox.
  const state = JSON.parse(readFileSync(join(cwd, '.fleetform/live-ops.state.json'), 'utf8'));
  const [id] = state.entries['night-05[fleet:eu]'].batchIds;
  const other = `${HEAD.join('\n').replace('live-ops', 'others')}\nbatches: { x: { template: Restart game server, target: { fleet: eu }, executeAt: ${NIGHTS[5]!.time} } }\n`;
  writeFileSync(join(cwd, 'other.yaml'), other);
  assert.is((await fleetform(['import', 'x', id, '-f', 'other.yaml', '--force'], cwd)).code, 0);
  assert.is((await fleetform(['destroy', '--auto-approve', '-f', 'other.yaml'], cwd)).code, 0);
  const applied = await fleetform(['apply', 'mine.plan.json'], cwd);
  assert.is(applied.code, 0, applied.stderr);
  assert.match(applied.stdout, 'Apply complete: 1 created');
  assert.match(
    applied.stderr,
    'not part of the plan, and left alone: night-05[fleet:eu]: now it would create',
  );
  assert.match((await fleetform(['plan'], cwd)).stdout, 'Plan: 1 to create');
  assert.match(
    (await fleetform(['plan', '--refresh-only'], cwd)).stdout,
    'all 24 tasks cancelled outside fleetform',
  );
});

it('hostile words stay words: in the table, in the page, on the terminal', async () => {
  const hostile =
    '</style><img src=x onerror=alert(1)> @live-ops/all | `whoami` --> #1 https://evil.example [x](y) \u0024{{ secrets }}';
  const file = fileWith(
    [],
    `  hotfix: { template: Deploy build, target: { labels: { ${JSON.stringify('<b>@team|</b>')}: "x|y" } }, params: { buildId: ${JSON.stringify(hostile.split('${').join('$${'))} }, executeAt: ${inHours(5)} }\n`,
  );
  const cwd = folder({ 'fleetform.yaml': file });
  const planned = await fleetform(['plan', '--markdown', 'comment.md', '--html', 'plan.html'], cwd);
  assert.is(planned.code, 0, planned.stderr);
  const comment = readFileSync(join(cwd, 'comment.md'), 'utf8');
  const prose = comment.replace(/^(`{3,})[^\n]*\n[\s\S]*?^\1$/gm, '').replace(/(`+)[^`][\s\S]*?\1/g, '');
  assert.not.match(prose, /@|<img|<b>|https:|#1|\]\(/);
  const page = readFileSync(join(cwd, 'plan.html'), 'utf8');
  assert.not.match(page, /<img|<b>@/);
  assert.is(page.match(/<\/style>/g)?.length, 1);
});

it.run();
