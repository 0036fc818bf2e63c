/** The arrows between the rooms of src/, read from the imports. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const ROOMS: Readonly<Record<string, readonly string[]>> = {
  model: [],
  files: ['model'],
  desired: ['model', 'files', 'schedule', 'generated'],
  schedule: ['model'],
  api: ['model', 'files', 'generated'],
  plan: ['model', 'schedule', 'generated'],
  lock: ['model', 'files'],
  // One of its places is reached by the same transport as the API: with its proxies, bounds and errors.
  state: ['model', 'files', 'generated', 'lock', 'api'],
  observe: ['model', 'api', 'plan'],
  apply: ['model', 'schedule', 'api', 'observe', 'plan', 'state'],
  render: ['model'],
  // It is sent over the same transport, and says what the terminal says.
  notify: ['model', 'api', 'render'],
  // It keeps its record under the same kind of lock as the state.
  sandbox: ['model', 'files', 'api', 'lock'],
  cli: [
    'model',
    'files',
    'desired',
    'schedule',
    'api',
    'observe',
    'plan',
    'apply',
    'state',
    'render',
    'notify',
    'sandbox',
    'texts',
  ],
};
/** Rooms in which nothing but the arguments may have a say. */
const PURE = ['model', 'schedule', 'plan', 'render'];
const FORBIDDEN = /^(node:(fs|net|http|https|child_process|dns|tls|timers)|axios|cosmiconfig)/;

const it = suite('architecture');

const files = readdirSync('src', { recursive: true })
  .map((file) => join('src', String(file)))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'));

it('each folder of src/ is a room that is listed here', () => {
  const folders = new Set(files.filter((file) => /^src[/].+[/]/.test(file)).map(roomOf));
  assert.equal([...folders].sort(), Object.keys(ROOMS).sort());
});

for (const [room, allowed] of Object.entries(ROOMS)) {
  it(`${room}/ imports ${allowed.join(', ') || 'nothing else'}`, () => {
    const inside = files.filter((file) => roomOf(file) === room);
    assert.ok(inside.length > 0);
    for (const file of inside) {
      for (const target of ownImportsOf(file)) {
        const other = roomOf(target);
        const isAllowed = other === room || other === 'version' || allowed.includes(other);
        assert.ok(isAllowed, `${file} imports ${target}`);
      }
    }
  });
}

it('a command knows no other, nor how it is called: only command-line/ imports commands', () => {
  const commands = files.filter((file) => file.startsWith('src/cli/commands/'));
  assert.ok(commands.length > 10);
  for (const file of files) {
    for (const target of ownImportsOf(file)) {
      const isCaller = file.startsWith('src/cli/command-line/');
      assert.ok(isCaller || !target.startsWith('src/cli/commands/'), `${file} imports ${target}`);
    }
  }
  for (const file of commands) {
    for (const target of ownImportsOf(file)) {
      const isCaller = /^src[/]cli[/](command-line[/]|program|main)/.test(target);
      assert.not.ok(isCaller, `${file} imports ${target}`);
    }
  }
});

it('no file imports itself by way of others, types included', () => {
  const done = new Set<string>();
  const follow = (file: string, way: readonly string[]): void => {
    const at = way.indexOf(file);
    if (at !== -1) throw new Error(`a circle: ${[...way.slice(at), file].join(' -> ')}`);
    if (done.has(file)) return;
    for (const target of ownImportsOf(file)) if (files.includes(target)) follow(target, [...way, file]);
    done.add(file);
  };
  for (const file of files) follow(file, []);
});

it('the pure rooms touch no file, no network and no clock', () => {
  for (const room of PURE) {
    for (const file of files.filter((one) => roomOf(one) === room)) {
      for (const target of importsOf(file)) assert.not.match(target, FORBIDDEN, `${file} imports ${target}`);
      const source = readFileSync(file, 'utf8');
      assert.not.match(source, /\bDate\.now\(|new Date\(\)|Math\.random\(|process\.env/, file);
    }
  }
});

/** As they are written, of every kind: `import type`, `export … from`, `import()`, and those for their effect alone. */
function importsOf(file: string): string[] {
  const source = readFileSync(file, 'utf8');
  return [...source.matchAll(/(?:\bfrom|\bimport\(?)\s*'([^']+)'/g)].map((match) => match[1]!);
}

/** Those of files of this repository, as paths from its root. */
function ownImportsOf(file: string): string[] {
  return importsOf(file)
    .filter((target) => target.startsWith('.'))
    .map((target) => relative('.', resolve(dirname(file), target)));
}

/** The room of a path; a file beside the rooms is one of its own; texts are what the program prints as it is. */
function roomOf(path: string): string {
  if (/^(examples|schemas)[/]/.test(path)) return 'texts';
  if (path === 'src/version.ts') return 'version';
  return path.split('/')[1] ?? path;
}

it.run();
