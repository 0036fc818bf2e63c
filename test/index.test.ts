/** The library as its users see it: every type that they meet by way of what is exported can be named. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { folder } from './support/cli.ts';
import { reachedFrom } from './support/public-types.ts';

const it = suite('the library');

const types = folder();
execFileSync(process.execPath, ['.build/types.mjs', types]);
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

it('its declarations take no default import, which needs a setting of whoever compiles against them', () => {
  const files = readdirSync(types, { recursive: true, encoding: 'utf8' }).filter((one) =>
    one.endsWith('.d.ts'),
  );
  assert.ok(files.length > 50);
  for (const file of files) {
    const text = readFileSync(join(types, file), 'utf8');
    assert.not.match(text, /^import (?:type )?[A-Za-z_$][\w$]*\s*(?:,|from)/m, file);
    assert.not.match(text, /^(?:import|export) .*\bdefault\b.* from ["']node:/m, file);
  }
});

it('ships the declarations that it leads to, and no others', () => {
  const there = readdirSync(types, { recursive: true, encoding: 'utf8' });
  assert.ok(there.includes('index.d.ts'));
  assert.not.ok(there.includes('cli'), 'the command line has no types for others');
  for (const file of there.filter((one) => one.endsWith('.d.ts'))) {
    const text = readFileSync(join(types, file), 'utf8');
    for (const [, path] of text.matchAll(/from ["'](\.[^"']+)["']/g)) {
      const target = join(types, dirname(file), path!.replace(/\.[jt]s$/, '.d.ts'));
      assert.ok(existsSync(target), `${file}: ${path}`);
    }
  }
});

it.run();
