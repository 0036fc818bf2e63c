/** The git backend against real repositories, by file. */
import { suite } from 'uvu';
import { gitBackend } from '../../../../src/state/backends/git/git.ts';
import { conformance } from '../conformance.ts';
import { repositories } from './repositories.ts';

const it = suite('git state');
it('is', () => {});
it.run();

conformance(
  'git state, as every backend',
  async () => {
    const { clone, put, end } = await repositories();
    return {
      async open(options) {
        return gitBackend(
          {
            folder: await clone(),
            remote: 'origin',
            ref: 'refs/fleetform/live',
            env: process.env,
            know() {},
          },
          options,
        );
      },
      put: (text) => put('refs/fleetform/live', text),
      end,
    };
  },
  { showsLife: true },
).run();
