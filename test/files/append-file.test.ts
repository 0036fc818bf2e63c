import { readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { appendFile, type FileEnd } from '../../src/files/append-file.ts';

const it = suite<{ folder: string; path: string; end: FileEnd }>('append file');

it.before.each(async (context) => {
  context.folder = await mkdtemp(join(tmpdir(), 'fleetform-append-'));
  context.path = join(context.folder, 'file');
  writeFileSync(context.path, 'one\n');
  const { ino, size } = statSync(context.path, { bigint: true });
  context.end = { ino, size };
});
it.after.each(({ folder }) => rm(folder, { recursive: true }));

it('grows from where it ended', async ({ path, end }) => {
  const next = await appendFile(path, end, 'zwö\n');
  await appendFile(path, next!, 'three\n');
  assert.is(readFileSync(path, 'utf8'), 'one\nzwö\nthree\n');
});

it('of a file that ends elsewhere, another one, a link or none nothing is written', async ({
  path,
  end,
  folder,
}) => {
  assert.is(await appendFile(path, { ...end, size: 3n }, 'x'), null);
  assert.is(await appendFile(path, { ...end, ino: end.ino + 1n }, 'x'), null);
  symlinkSync(path, join(folder, 'link'));
  assert.is(await appendFile(join(folder, 'link'), end, 'x'), null);
  assert.is(readFileSync(path, 'utf8'), 'one\n');
  rmSync(path);
  assert.is(await appendFile(path, end, 'x'), null);
});

it.run();
