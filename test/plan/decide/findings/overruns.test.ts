/** A run that usually lasts into a freeze is told, once for its block. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { addressOf } from '../../../../src/model/addresses.ts';
import type { DesiredBatch } from '../../../../src/model/desired.ts';
import { overrunFindings, type TimedRun } from '../../../../src/plan/decide/findings/overruns.ts';
import { FreezeCalendar } from '../../../../src/schedule/freezes.ts';
import { AT, COLLECT, desiredBatch, RESTART, specOf } from '../../../support/builders.ts';

const it = suite('overruns');

const FROM = AT + 1800;
const run = (address: string, executeAt: number, fields: Partial<DesiredBatch> = {}): TimedRun => {
  const desired = desiredBatch(address, { executeAt, ...fields });
  return { desired, spec: specOf(desired), executeAt };
};
const finals = () => ({ name: 'finals', from: FROM });
const takes = (seconds: number | null) => (id: string) => (id === RESTART.id ? seconds : null);

const count = (at: number, usual: number | null) =>
  overrunFindings([run('a', at)], finals, takes(usual)).length;

it('says what begins when, how long it takes, and what to do', () => {
  const [finding, ...rest] = overrunFindings([run('hotfix', AT)], finals, takes(2700));
  assert.is(rest.length, 0);
  assert.is(finding?.severity, 'warning');
  assert.is(finding?.code, 'plan.runs-into-freeze');
  assert.is(finding?.address, 'hotfix');
  assert.is(finding?.range?.line, 4);
  assert.is(
    finding?.message,
    '"hotfix" begins at 2026-12-01T03:00:00Z and usually takes 45m, so it would still run when the freeze "finals" begins at 2026-12-01T03:30:00Z',
  );
  assert.is(finding?.hint, 'Let it begin by 2026-12-01T02:45:00Z, or after the freeze.');
});

it('only what begins before the freeze, and is not over when it begins', () => {
  assert.equal([count(AT, 1800), count(AT, 1801)], [0, 1]);
  assert.equal([count(FROM - 1, 60), count(FROM, 60), count(FROM + 1, 60)], [1, 0, 0]);
});

it('where nobody knows how long it takes, or no freeze is ahead, nothing is said', () => {
  assert.is(count(AT, null), 0);
  assert.is(overrunFindings([run('a', AT)], () => null, takes(9999)).length, 0);
  const other = run('a', AT, { template: { name: COLLECT.name } });
  assert.is(overrunFindings([other], finals, takes(9999)).length, 0);
});

it('the nights of a block and a freeze are one finding', () => {
  const night = (n: number) => AT + n * 86_400;
  const runs = [2, 0, 1].map((n) => run(addressOf('nightly[fleet:eu]', night(n)), night(n)));
  const weekends = ({ executeAt }: TimedRun) => ({ name: 'weekends', from: executeAt + 60 });
  const [finding, ...rest] = overrunFindings(runs, weekends, takes(120));
  assert.is(rest.length, 0);
  assert.is(finding?.address, undefined);
  assert.match(finding?.message ?? '', /^"nightly\[fleet:eu\]" begins at 2026-12-01T03:00:00Z/);
  assert.match(finding?.message ?? '', /\(3 times, this is the first\)$/);
  const both = [...runs, run('hotfix', AT)];
  assert.is(overrunFindings(both, weekends, takes(120)).length, 2);
  const each = ({ executeAt }: TimedRun) => ({ name: executeAt === AT ? 'a' : 'b', from: executeAt + 60 });
  assert.is(overrunFindings(runs, each, takes(120)).length, 2);
});

it('targets of a block at one time are told as their block', () => {
  const runs = ['eu', 'us'].map((fleet) => run(`nightly[fleet:${fleet}]`, AT));
  const [finding] = overrunFindings(runs, finals, takes(2700));
  assert.match(finding?.message ?? '', /^"nightly" begins .*begins at 2026-12-01T03:30:00Z$/);
});

it('fits what a calendar of freezes tells', () => {
  const finals = { name: 'finals', from: FROM, to: FROM + 3600 };
  const calendar = new FreezeCalendar(finals, AT - 86_400, AT + 86_400);
  const next = ({ executeAt }: TimedRun) => {
    const from = calendar.nextAfter(executeAt);
    return from === null ? null : { name: finals.name, from };
  };
  const at = (executeAt: number) => overrunFindings([run('a', executeAt)], next, takes(2700)).length;
  assert.equal([AT - 1000, AT, FROM, FROM + 7200].map(at), [0, 1, 0, 0]);
});

it.run();
