/** What a commit may bring so that it is taken for a file of ours: of each, a name, how it is made, and what is told. */
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { git } from './workspace.ts';

const link = (name: string, to: string) => (root: string) => {
  rmSync(join(root, name), { recursive: true, force: true });
  symlinkSync(to, join(root, name));
};

const state = (folder: string) => (root: string) => {
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, folder, 'live-ops.state.json'), '{}');
};

export const COMMITTED: readonly [string, (root: string) => void, string][] = [
  ['a state', state('.fleetform'), '.fleetform'],
  ['a state in a folder', state('live/.fleetform'), '.fleetform'],
  ['a state in other letters', state('.Fleetform'), '.fleetform'],
  ['a state that is a link', link('.fleetform', '/tmp'), '.fleetform'],
  [
    'a link for the file',
    (root) => {
      renameSync(join(root, 'fleetform.yaml'), join(root, 'real.yaml'));
      symlinkSync('real.yaml', join(root, 'fleetform.yaml'));
    },
    'link',
  ],
  ['a link for a file elsewhere', link('fleetform.json', '/etc/hostname'), 'link'],
  ['a link for the folder of reports', link('plan', '/tmp'), 'link'],
  [
    'a submodule',
    (root) => {
      const commit = git(root, 'rev-parse', 'HEAD');
      git(root, 'update-index', '--add', '--cacheinfo', `160000,${commit},plan`);
      mkdirSync(join(root, 'plan'));
    },
    'link or a submodule',
  ],
];
