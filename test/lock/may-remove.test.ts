/** Whose lock may be removed without force. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { refuseAlive } from '../../src/lock/may-remove.ts';
import type { ProcessIdentity } from '../../src/lock/process-identity.ts';
import { unknownHolder } from '../../src/model/lock-holder.ts';
import { codeOfError } from './volume.ts';

const it = suite('whose lock may be removed');

const SELF: ProcessIdentity = {
  host: 'ci',
  pid: process.pid,
  bootId: 'b',
  pidNamespace: 'n',
  startTicks: null,
};
const GONE: ProcessIdentity = { ...SELF, startTicks: '1' };
const ELSEWHERE: ProcessIdentity = { ...SELF, host: 'laptop' };

for (const [what, identity, silentMs, showsLife, verdict] of [
  ['a process that is gone, just now', GONE, 0, true, process.platform === 'linux' ? 'gone' : null],
  ['one that was heard of a moment ago', ELSEWHERE, 65_000, true, null],
  ['one that was not heard of for long', ELSEWHERE, 65_001, true, 'silent'],
  ['one that runs here and is silent', SELF, 65_001, true, 'silent'],
  ['one that runs here, where nobody shows signs of life', SELF, 1e9, false, null],
  ['an old one elsewhere, where nobody does', ELSEWHERE, 1e9, false, 'silent'],
  ['one of whom nothing is known', null, null, true, null],
  ['one that was never heard of', null, Number.POSITIVE_INFINITY, true, 'silent'],
] as const) {
  it(`${what}: ${verdict ?? 'not without force'}`, async () => {
    const suspect = { holder: unknownHolder('x'), identity, silentMs, limitMs: 65_000, showsLife };
    if (verdict === null) assert.is(await codeOfError(refuseAlive(suspect, SELF)), 'state.lock-alive');
    else assert.is(await refuseAlive(suspect, SELF), verdict);
  });
}

it.run();
