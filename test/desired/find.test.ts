import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadDesired } from '../../src/desired/load.ts';
import { DiagnosticsError, FleetformError } from '../../src/model/errors.ts';
import { folderOf, HEAD, refusal } from './scratch.ts';

const MINIMAL = `${HEAD}batches: {}\n`;
const codeOf = (loading: Promise<unknown>) =>
  loading.then(
    () => 'it loaded',
    (error: unknown) => (error instanceof FleetformError ? error.code : String(error)),
  );

const search = suite('desired: search');

for (const name of ['fleetform.yaml', 'fleetform.yml', 'fleetform.json']) {
  search(`finds ${name} in this folder and above, up to the repository's root`, async () => {
    const content = name.endsWith('.json') ? '{"version":1,"name":"live-ops","batches":{}}' : MINIMAL;
    const root = folderOf({ '.git/HEAD': '', [name]: content, 'deep/er/x': '' });
    for (const cwd of [root, join(root, 'deep/er')]) {
      const desired = await loadDesired({ cwd, env: {} });
      assert.equal(desired.files, [join(root, name)]);
      assert.is(desired.root, root);
    }
  });
}

search('the nearest one wins', async () => {
  const root = folderOf({ '.git/HEAD': '', 'fleetform.yaml': MINIMAL, 'sub/fleetform.yml': MINIMAL });
  const desired = await loadDesired({ cwd: join(root, 'sub'), env: {} });
  assert.equal(desired.files, [join(root, 'sub/fleetform.yml')]);
});

search('nothing above the root of the repository, nothing above this folder outside of one', async () => {
  const root = folderOf({
    'fleetform.yaml': MINIMAL,
    'repo/.git': 'gitdir: x',
    'repo/sub/x': '',
    'plain/x': '',
  });
  for (const folder of ['repo/sub', 'plain']) {
    assert.is(await codeOf(loadDesired({ cwd: join(root, folder), env: {} })), 'desired.not-found');
  }
});

search('says where it was searched, why no further, and names what lies above', async () => {
  const root = folderOf({
    'up/fleetform.yml': MINIMAL,
    'up/plain/er/x': '',
    'up/repo/.git/HEAD': '',
    'up/repo/sub/x': '',
  });
  const empty = folderOf({ 'repo/.git/HEAD': '', 'repo/sub/x': '', 'plain/x': '' });
  const told = async (cwd: string) => {
    const error = await loadDesired({ cwd, env: {} }).catch((thrown: unknown) => thrown);
    assert.instance(error, FleetformError);
    const { message, hint } = error as FleetformError;
    return { message, hint: hint ?? '' };
  };
  const outside = await told(join(root, 'up/plain/er'));
  assert.match(outside.message, /plain\/er$/);
  assert.not.match(outside.message, 'above');
  assert.match(outside.hint, 'Outside of a git repository only the folder itself is searched.');
  assert.match(outside.hint, '`-f ../../fleetform.yml`');
  const inside = await told(join(root, 'up/repo/sub'));
  assert.ok(inside.message.endsWith(`sub or above it, up to ${join(root, 'up/repo')}`), inside.message);
  assert.match(
    inside.hint,
    'ends at the root of the git repository. Name the one further up with `-f ../../fleetform.yml`',
  );
  for (const folder of ['repo/sub', 'plain']) {
    const { hint } = await told(join(empty, folder));
    assert.match(hint, /^Write a first one with `fleetform init`, or name a file or folder with -f\. /);
    assert.is(hint.includes('Outside'), folder === 'plain');
  }
  assert.ok((await told(join(empty, 'repo'))).message.endsWith(`found in ${join(empty, 'repo')}`));
});

search('two side by side are an error', async () => {
  const root = folderOf({ 'fleetform.yaml': MINIMAL, 'fleetform.json': '{}' });
  assert.is(await codeOf(loadDesired({ cwd: root, env: {} })), 'desired.ambiguous');
});

search('an empty file is found, and is an error; a folder of that name is not found', async () => {
  const root = folderOf({
    '.git/HEAD': '',
    'fleetform.yaml': MINIMAL,
    'a/fleetform.yaml': '',
    'b/fleetform.yaml/x': '',
  });
  const [empty] = await refusal(loadDesired({ cwd: join(root, 'a'), env: {} }));
  assert.match(empty?.message ?? '', 'the file is empty');
  assert.equal((await loadDesired({ cwd: join(root, 'b'), env: {} })).files, [join(root, 'fleetform.yaml')]);
});

search('runs no code that stands beside the file, and reads no settings of its own', async () => {
  const code = 'globalThis.ranByFleetform = true; module.exports = {};';
  const root = folderOf({
    'fleetform.yaml': MINIMAL,
    'package.json': 'not json',
    '.config/config.js': code,
    '.config/config.cjs': code,
    'fleetform.config.js': code,
  });
  const before = process.cwd();
  process.chdir(root);
  try {
    await loadDesired({ cwd: '.', env: {} });
  } finally {
    process.chdir(before);
  }
  assert.is((globalThis as Record<string, unknown>).ranByFleetform, undefined);
});

search.run();

const given = suite('desired: -f');

given('the files of a folder by name, without others, dotfiles and folders', async () => {
  const root = folderOf({
    'b.yml': 'version: 1\nbatches: {}\n',
    'a.yaml': MINIMAL,
    'c.json': '{"version":1}',
    'notes.txt': 'no',
    '.hidden.yaml': 'no',
    'sub/d.yaml': 'no',
  });
  const desired = await loadDesired({ cwd: root, files: ['.'], env: {} });
  assert.equal(
    desired.files,
    ['a.yaml', 'b.yml', 'c.json'].map((name) => join(root, name)),
  );
  assert.is(desired.root, root);
});

given('files and folders come together, each file once', async () => {
  const root = folderOf({ 'one/a.yaml': MINIMAL, 'two/b.yaml': 'version: 1\n' });
  const desired = await loadDesired({ cwd: root, files: ['two/b.yaml', 'one', 'one/a.yaml'], env: {} });
  assert.equal(desired.files, [join(root, 'two/b.yaml'), join(root, 'one/a.yaml')]);
  assert.is(desired.root, root);
});

given('the folder of the state is the same in whatever order files are named', async () => {
  const root = folderOf({
    'one/a.yaml': MINIMAL,
    'two/b.yaml': 'version: 1\n',
    'one/deep/c.yaml': 'version: 1\n',
  });
  const rootOf = async (...files: string[]) => (await loadDesired({ cwd: root, files, env: {} })).root;
  assert.is(await rootOf('one', 'two'), root);
  assert.is(await rootOf('two', 'one'), root);
  assert.is(await rootOf('one/a.yaml', 'one/deep'), join(root, 'one'));
  assert.is(await rootOf('one/deep', 'one/a.yaml'), join(root, 'one'));
  assert.is(await rootOf('one/a.yaml'), join(root, 'one'));
});

given('what cannot be read is told, all of it', async () => {
  const root = folderOf({ 'a.yaml': MINIMAL, 'empty/x.txt': '' });
  const files = ['a.yaml', 'missing.yaml', 'empty', 'a.yaml/b'];
  const error = await loadDesired({ cwd: root, files, env: {} }).catch((thrown: unknown) => thrown);
  assert.instance(error, DiagnosticsError);
  assert.is((error as DiagnosticsError).code, 'desired.unreadable');
  assert.equal(
    (error as DiagnosticsError).diagnostics.map(({ message }) => message),
    [
      'missing.yaml does not exist',
      'empty holds no .yaml, .yml or .json file',
      'a.yaml/b does not exist: a part of its path is a file',
    ],
  );
});

given('a folder that poses as a file, and a file that may not be read', async () => {
  const root = folderOf({ 'locked.yaml': MINIMAL });
  mkdirSync(join(root, 'folder.yaml'));
  assert.is(await codeOf(loadDesired({ cwd: root, files: ['folder.yaml'], env: {} })), 'desired.unreadable');
  chmodSync(join(root, 'locked.yaml'), 0o000);
  // Root may read everything.
  const expected = process.getuid?.() === 0 ? 'it loaded' : 'desired.unreadable';
  assert.is(await codeOf(loadDesired({ cwd: root, files: ['locked.yaml'], env: {} })), expected);
});

given.run();
