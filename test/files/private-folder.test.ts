import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { keptTarget, makePrivateFolder } from '../../src/files/private-folder.ts';
import { codeOfError } from '../lock/volume.ts';
import { needsRoot } from '../support/tools.ts';

const it = suite<{ root: string; folder: string }>('private folder');
const asRoot = needsRoot(it as never) as typeof it;

it.before.each((context) => {
  context.root = mkdtempSync(join(tmpdir(), 'fleetform-private-'));
  context.folder = join(context.root, '.fleetform');
});
it.after.each(({ root }) => {
  process.umask(0o022);
  rmSync(root, { recursive: true, force: true });
});

const modeOf = (path: string) => statSync(path).mode & 0o777;

it('is for this user alone, whatever the umask', async ({ root }) => {
  for (const umask of [0, 0o022, 0o777]) {
    process.umask(umask);
    const folder = join(root, `made-${umask}`);
    await makePrivateFolder(folder);
    assert.equal([modeOf(folder), modeOf(join(folder, '.gitignore'))], [0o700, 0o600]);
  }
});

it('narrows what an older fleetform left wide, and nothing that is led to', async ({ root, folder }) => {
  mkdirSync(folder);
  writeFileSync(join(root, 'outside'), '');
  for (const name of ['live.state.json', 'sandbox.json', '.gitignore']) writeFileSync(join(folder, name), '');
  symlinkSync('../outside', join(folder, 'link'));
  await makePrivateFolder(folder);
  assert.is(modeOf(folder), 0o700);
  for (const name of ['live.state.json', 'sandbox.json', '.gitignore']) {
    assert.is(modeOf(join(folder, name)), 0o600, name);
  }
  assert.is(modeOf(join(root, 'outside')), 0o644);
});

asRoot(
  'what is another’s is refused, but in that user’s own project, where it is left alone',
  async ({ folder }) => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'live.state.json'), '');
    for (const path of [join(folder, 'live.state.json'), folder]) chownSync(path, 12_345, 12_345);
    try {
      await makePrivateFolder(folder);
      assert.unreachable();
    } catch (error) {
      assert.match((error as Error).message, 'belongs to another user of this machine');
    }
    assert.equal([modeOf(folder), modeOf(join(folder, 'live.state.json'))], [0o755, 0o644]);
    chownSync(dirname(folder), 12_345, 12_345);
    await makePrivateFolder(folder);
    assert.equal(
      [modeOf(folder), modeOf(join(folder, 'live.state.json'))],
      [0o755, 0o644],
      'a user’s project',
    );
  },
);

it('a link of its own stays inside; one that leads out is refused, and nothing is made there', async ({
  root,
  folder,
}) => {
  const work = join(root, 'work');
  mkdirSync(join(work, 'kept'), { recursive: true });
  mkdirSync(join(root, 'workaround'));
  symlinkSync('kept', join(work, '.fleetform'));
  await makePrivateFolder(join(work, '.fleetform'));
  assert.is(modeOf(join(work, 'kept')), 0o700);
  for (const to of ['..', '../workaround', join(root, 'workaround'), '../nothing-yet']) {
    const link = join(work, 'out');
    symlinkSync(to, link);
    assert.is(await codeOfError(makePrivateFolder(link)), 'files.outside', to);
    assert.is(await codeOfError(keptTarget(link, work)), 'files.outside', to);
    rmSync(link);
  }
  assert.equal(readdirSync(join(root, 'workaround')), []);
  assert.not(existsSync(join(root, 'nothing-yet')));
  chmodSync(root, 0o700);
  assert.not(existsSync(folder));
});

it.run();
