/** The arrows between the rooms of src/, read from the imports. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const ROOMS: Readonly<Record<string, readonly string[]>> = {
  model: [],
  desired: ['model', 'generated'],
  api: ['model', 'generated'],
  plan: ['model'],
  state: ['model', 'generated'],
  observe: ['model', 'api', 'plan'],
  apply: ['model', 'api', 'observe', 'plan', 'state'],
  render: ['model', 'generated'],
  // It keeps its record under the same kind of lock as the state.
  sandbox: ['model', 'api', 'state'],
};
/** Rooms in which nothing but the arguments may have a say. */
const PURE = ['model', 'plan', 'render'];
const FORBIDDEN = /^(node:(fs|net|http|https|child_process|dns|tls|timers)|axios|cosmiconfig)/;

const it = suite('architecture');

const files = readdirSync('src', { recursive: true })
  .map((file) => join('src', String(file)))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'));

for (const [room, allowed] of Object.entries(ROOMS)) {
  it(`${room}/ imports ${allowed.join(', ') || 'nothing else'}`, () => {
    const inside = files.filter((file) => file.startsWith(`src/${room}/`));
    assert.ok(inside.length > 0);
    for (const file of inside) {
      for (const target of importsOf(file)) {
        if (!target.startsWith('.')) continue;
        const path = relative('src', resolve(dirname(file), target));
        const other = path.includes('/') ? path.split('/')[0]! : 'version';
        const isAllowed = other === room || other === 'version' || allowed.includes(other);
        assert.ok(isAllowed, `${file} imports ${path}`);
      }
    }
  });
}

it('the pure rooms touch no file, no network and no clock', () => {
  for (const room of PURE) {
    for (const file of files.filter((one) => one.startsWith(`src/${room}/`))) {
      for (const target of importsOf(file)) assert.not.match(target, FORBIDDEN, `${file} imports ${target}`);
      const source = readFileSync(file, 'utf8');
      assert.not.match(source, /\bDate\.now\(|new Date\(\)|Math\.random\(|process\.env/, file);
    }
  }
});

function importsOf(file: string): string[] {
  const source = readFileSync(file, 'utf8');
  return [...source.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map((match) => match[1]!);
}

it.run();
