import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { boundHeap, boundYoung } from '../../src/cli/heap.ts';

const it = suite('heap');

it('V8 is told as it was tried, and another V8 is told nothing', () => {
  const told = (v8: string) => {
    const flags: string[] = [];
    boundHeap(v8, (flag) => flags.push(flag));
    boundYoung(699_999, v8, () => flags.push('too early'));
    boundYoung(700_000, v8, (flag) => flags.push(flag));
    return flags;
  };
  for (const v8 of ['11.3.244.8-node.38', '12.4.254.21-node.33', '13.6.233.17-node.41']) {
    assert.equal(
      told(v8),
      ['--heap-growing-percent=50', '--semi-space-growth-factor=8', '--semi-space-growth-factor=1'],
      v8,
    );
  }
  for (const v8 of ['10.2.154.26-node.22', '14.0.365.4-node.11', '1.13.0']) assert.equal(told(v8), [], v8);
});

it.run();
