/** Who else has put something where a file is to go, and what the file that comes of it is like. */
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createFile, replacePrivateSync, writeFile } from '../../src/files/write-file.ts';
import { codeOfError } from '../lock/volume.ts';
import { needsRoot } from '../support/tools.ts';

const it = suite<{ folder: string }>('writing files');
const asRoot = needsRoot(it as never) as typeof it;

/** Of nobody in these tests. */
const OTHER = 12_345;
const USUAL = 0o022;

it.before.each((context) => {
  process.umask(USUAL);
  context.folder = mkdtempSync(join(tmpdir(), 'fleetform-files-'));
});
it.after.each(({ folder }) => {
  process.umask(USUAL);
  rmSync(folder, { recursive: true, force: true });
});

const modeOf = (path: string) => statSync(path).mode & 0o777;

it('private is private whatever the umask and the file before it; all else goes by them', async ({
  folder,
}) => {
  const path = join(folder, 'file');
  for (const umask of [0, 0o022, 0o077, 0o777]) {
    process.umask(umask);
    for (const before of [null, 0o666, 0o644, 0o400]) {
      rmSync(path, { force: true });
      if (before !== null) {
        writeFileSync(path, 'old');
        chmodSync(path, before);
      }
      await writeFile(path, 'new', { isPrivate: true });
      assert.equal([modeOf(path), readFileSync(path, 'utf8')], [0o600, 'new']);
      replacePrivateSync(path, 'newer');
      assert.equal([modeOf(path), readFileSync(path, 'utf8')], [0o600, 'newer']);
      rmSync(path);
      await createFile(path, 'made', { isPrivate: true });
      assert.is(modeOf(path), 0o600);
      rmSync(path);
      await writeFile(path, 'new');
      assert.is(modeOf(path), 0o666 & ~umask);
      chmodSync(path, 0o640);
      await writeFile(path, 'new');
      assert.is(modeOf(path), 0o640, 'the mode of a report is kept');
    }
  }
  assert.equal(readdirSync(folder), ['file']);
});

it('own links are followed, also in the middle and to nothing yet; a hard link elsewhere keeps its text', async ({
  folder,
}) => {
  mkdirSync(join(folder, 'real'));
  writeFileSync(join(folder, 'real/there'), 'old');
  linkSync(join(folder, 'real/there'), join(folder, 'twin'));
  symlinkSync('real', join(folder, 'middle'));
  symlinkSync('../real/../real/there', join(folder, 'real/link'));
  symlinkSync(join(folder, 'real/missing'), join(folder, 'real/fresh'));
  await writeFile(join(folder, 'middle/link'), 'new');
  await writeFile(join(folder, 'middle/fresh'), 'fresh');
  assert.is(readFileSync(join(folder, 'real/there'), 'utf8'), 'new');
  assert.is(readFileSync(join(folder, 'real/missing'), 'utf8'), 'fresh');
  assert.is(readFileSync(join(folder, 'twin'), 'utf8'), 'old');
  assert.ok(lstatSync(join(folder, 'real/link')).isSymbolicLink());
  symlinkSync('circle', join(folder, 'circle'));
  assert.is(await codeOfError(writeFile(join(folder, 'circle'), '')), 'ELOOP');
  assert.is(await codeOfError(writeFile(join(folder, 'real'), '')), 'EISDIR');
  assert.is(await codeOfError(writeFile(join(folder, 'none/file'), '')), 'ENOENT');
  assert.equal(readdirSync(join(folder, 'real')).sort(), ['fresh', 'link', 'missing', 'there']);
});

asRoot('a link that another user may have planted is not followed', async ({ folder }) => {
  const target = join(folder, 'target');
  const open = join(folder, 'open');
  mkdirSync(open);
  mkdirSync(join(folder, 'inside'));
  for (const [mode, uid] of [
    [0o1777, 0],
    [0o777, 0],
    [0o775, 0],
    [0o755, OTHER],
    [0o700, OTHER + 1],
  ] as const) {
    chmodSync(open, mode);
    chownSync(open, uid, uid);
    for (const [link, to, path] of [
      ['report', '../target', 'report'],
      ['report', '../nothing-yet', 'report'],
      ['middle', '../inside', 'middle/report'],
      ['report', '/dev/null', 'report'],
    ] as const) {
      writeFileSync(target, 'precious');
      symlinkSync(to, join(open, link));
      lchownSync(join(open, link), OTHER, OTHER);
      assert.is(await codeOfError(writeFile(join(open, path), 'x')), 'files.foreign', `${mode} ${to}`);
      // By way of a link of our own, too.
      symlinkSync(join(open, path), join(folder, 'own'));
      assert.is(await codeOfError(writeFile(join(folder, 'own'), 'x')), 'files.foreign');
      assert.is(readFileSync(target, 'utf8'), 'precious');
      rmSync(join(folder, 'own'));
      rmSync(join(open, link));
    }
  }
  assert.not(existsSync(join(folder, 'nothing-yet')));
  assert.equal(readdirSync(join(folder, 'inside')), []);
});

asRoot(
  'a user’s links to that user’s own are followed by root, who leaves the user what is the user’s',
  async ({ folder }) => {
    const work = join(folder, 'work');
    mkdirSync(join(work, 'real'), { recursive: true });
    writeFileSync(join(work, 'real/report'), 'old');
    symlinkSync('real', join(work, 'link'));
    for (const path of ['', 'real', 'real/report', 'link']) lchownSync(join(work, path), OTHER, OTHER);
    await writeFile(join(work, 'link/report'), 'new');
    assert.is(readFileSync(join(work, 'real/report'), 'utf8'), 'new');
    assert.is(statSync(join(work, 'real/report')).uid, OTHER);
    await createFile(join(work, 'lock'), 'x', { isPrivate: true });
    replacePrivateSync(join(work, 'record'), 'x');
    await writeFile(join(work, 'plan'), 'x', { isPrivate: true });
    for (const name of ['lock', 'record', 'plan']) assert.is(statSync(join(work, name)).uid, OTHER, name);
  },
);

asRoot('a file that another put into a folder for all has no say in what replaces it', async ({ folder }) => {
  chmodSync(folder, 0o1777);
  const path = join(folder, 'report');
  writeFileSync(path, 'theirs');
  chmodSync(path, 0o666);
  chownSync(path, OTHER, OTHER);
  await writeFile(path, 'ours');
  const { uid } = statSync(path);
  assert.equal([uid, modeOf(path), readFileSync(path, 'utf8')], [0, 0o644, 'ours']);
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  chownSync(join(folder, 'pipe'), OTHER, OTHER);
  assert.is(await codeOfError(writeFile(join(folder, 'pipe'), 'x')), 'files.foreign');
});

it('a pipe is written into, however late and slow its reader; so are a socket and a device', async ({
  folder,
}) => {
  const long = 'a line of a report\n'.repeat(20_000);
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const written = writeFile(pipe, long);
  const reader = spawn('sh', ['-c', 'sleep 0.2; exec <"$0"; sleep 0.2; cat', pipe]);
  assert.is(await text(reader.stdout), long);
  await written;
  assert.ok(lstatSync(pipe).isFIFO());

  const path = join(folder, 'socket');
  const server = createServer();
  await new Promise<void>((done) => server.listen(path, done));
  const heard = new Promise<string>((done) => server.once('connection', (socket) => done(text(socket))));
  await writeFile(path, long);
  assert.is(await heard, long);
  assert.ok(lstatSync(path).isSocket());
  server.close();

  await writeFile('/dev/null', long);
  assert.ok(lstatSync('/dev/null').isCharacterDevice());
  assert.is(await codeOfError(writeFile('/dev/full', long)), 'ENOSPC');
});

it.run();
