/** The library as its users see it: every type that they meet by way of what is exported can be named. */
import { execFileSync } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { folder } from './support/cli.ts';
import { reachedFrom } from './support/public-types.ts';

const it = suite('the library');

const types = folder();
execFileSync('node_modules/.bin/tsc', ['-p', '.build/tsconfig.types.json', '--outDir', types]);
const reached = reachedFrom(types);

it('exports every type that a signature of it names, however far away', () => {
  assert.ok(reached.exported.size > 100, 'the declarations were read');
  for (const name of ['ClientOptions', 'HttpTransport', 'ApplyOutcome', 'PlanView', 'Timeline', 'Status']) {
    assert.ok(reached.exported.has(name), name);
  }
  assert.equal(reached.missing, []);
});

it('names no type of a package: none is installed with it', () => {
  assert.equal(
    reached.foreign.filter((one) => !one.startsWith('node:')),
    [],
  );
});

it.run();
