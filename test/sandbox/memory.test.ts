/** What a test's own sandbox is asked for. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FleetformError } from '../../src/model/errors.ts';
import { createSandbox } from '../../src/sandbox/memory.ts';

const it = suite('sandbox in memory');

it('takes a share from 0 to 1 and a seed that is a number, and refuses what is neither', () => {
  for (const options of [{}, { failRate: 0 }, { failRate: 1, seed: -3 }, { seed: 0.5 }])
    createSandbox(options);
  for (const failRate of [Number.NaN, -0.1, 1.1, 2, Number.POSITIVE_INFINITY, '0.5'])
    refuses({ failRate }, /failRate is /);
  for (const seed of [Number.NaN, Number.POSITIVE_INFINITY, '1', null]) refuses({ seed }, /seed is /);
});

function refuses(options: object, message: RegExp): void {
  try {
    createSandbox(options);
  } catch (error) {
    assert.instance(error, FleetformError);
    assert.match((error as FleetformError).message, message);
    return;
  }
  assert.unreachable(JSON.stringify(options));
}

it.run();
