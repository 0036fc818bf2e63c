/** What writes leave behind: nothing at an orderly end; what a kill left goes with the next write, and nothing else does. */
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { endWriting, freshPath } from '../../src/files/fresh-file.ts';
import { placeFile, replacePrivateSync, writeFile } from '../../src/files/write-file.ts';
import { codeOfError } from '../lock/volume.ts';

const it = suite<{ folder: string }>('fresh files');
it.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'fleetform-fresh-'));
});
it.after.each(({ folder }) => {
  rmSync(folder, { recursive: true, force: true });
});

const HEX = '0123456789abcdef01234567';
const namesIn = (folder: string) => readdirSync(folder).sort();

/** The name of such a file of this process, of another process, of another place. */
function nameOf(folder: string, pid: number, place?: string): string {
  const path = freshPath(join(mkdtempSync(join(folder, 'x')), 'a'));
  endWriting(path);
  const own = /fleetform-([0-9a-f]{8})-\d+-[0-9a-f]{24}\.tmp$/.exec(path)?.[1] ?? 'no name';
  return `.fleetform-${place ?? own}-${pid}-${HEX}.tmp`;
}

it('what a dead process left goes; what a live one writes, what may live elsewhere, and what is others’ stays', async ({
  folder,
}) => {
  const dead = spawn('true');
  await new Promise((done) => dead.on('exit', done));
  const live = nameOf(folder, process.ppid);
  const elsewhere = nameOf(folder, dead.pid!, '00000000');
  const old = `.fleetform-${HEX}.tmp`;
  const gone = nameOf(folder, dead.pid!);
  const work = join(folder, 'work');
  mkdirSync(work);
  for (const name of [live, elsewhere, gone, old, '.fleetform-x.tmp', 'a.tmp'])
    writeFileSync(join(work, name), '');
  const link = nameOf(folder, dead.pid!).replace(HEX, HEX.replaceAll('0', 'f'));
  symlinkSync('a.tmp', join(work, link));
  utimesSync(join(work, old), 1, 1);
  utimesSync(join(work, 'a.tmp'), 1, 1);
  utimesSync(join(work, '.fleetform-x.tmp'), 1, 1);
  await writeFile(join(work, 'b'), 'text');
  assert.equal(namesIn(work), [live, elsewhere, link, '.fleetform-x.tmp', 'a.tmp', 'b'].sort());
});

it('a write that fails leaves nothing', async ({ folder }) => {
  mkdirSync(join(folder, 'taken', 'deep'), { recursive: true });
  assert.is(await codeOfError(writeFile(join(folder, 'taken'), 'text')), 'EISDIR');
  assert.throws(() => replacePrivateSync(join(folder, 'taken'), 'text'), /EISDIR|ENOTEMPTY|EEXIST/);
  assert.is(await codeOfError(placeFile(join(folder, 'taken'), 'text')), 'EEXIST');
  assert.is(await codeOfError(placeFile(join(folder, 'none', 'a'), 'text')), 'ENOENT');
  assert.equal(namesIn(folder), ['taken']);
});

it('what is placed is whole, and is never put over another', async ({ folder }) => {
  const path = join(folder, 'a');
  await placeFile(path, 'one');
  assert.is(await codeOfError(placeFile(path, 'two')), 'EEXIST');
  assert.is(readFileSync(path, 'utf8'), 'one');
  assert.equal(namesIn(folder), ['a']);
});

it('at the end of a process nothing stays of what was under way', ({ folder }) => {
  const script = `
    const { freshPath, beginWriting } = await import(${JSON.stringify(join(folder, 'fresh-file.mjs'))});
    const { writeFileSync } = await import('node:fs');
    writeFileSync(freshPath(${JSON.stringify(join(folder, 'a'))}), 'half');
    const made = ${JSON.stringify(join(folder, 'b'))};
    beginWriting(made);
    writeFileSync(made, 'half');
    process.exit(130);`;
  execFileSync('npx', [
    'esbuild',
    'src/files/fresh-file.ts',
    '--bundle',
    '--platform=node',
    '--format=esm',
    `--outfile=${join(folder, 'fresh-file.mjs')}`,
    '--log-level=error',
  ]);
  try {
    execFileSync(process.execPath, ['--input-type=module', '-e', script]);
  } catch (error) {
    assert.is((error as { status: number }).status, 130);
  }
  assert.equal(namesIn(folder), ['fresh-file.mjs']);
});

it('the place in its name is the host, its boot and the namespace of its processes', () => {
  const [boot, namespace] = ['/proc/sys/kernel/random/boot_id', '/proc/self/ns/pid'];
  if (!existsSync(boot) || !existsSync(dirname(namespace))) return;
  const within = `${readFileSync(boot, 'utf8').trim()} ${readlinkSync(namespace)}`;
  const place = createHash('sha256').update(`${hostname()} ${within}`).digest('hex').slice(0, 8);
  const fresh = freshPath(join(tmpdir(), 'x'));
  endWriting(fresh);
  assert.match(fresh, `.fleetform-${place}-${process.pid}-`);
});

it.run();
