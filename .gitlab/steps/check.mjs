// Before anything else: a link or a submodule in our files' place, a state or a report that a branch brings would be taken
// for ours. On a merge request, a branch that is behind is not planned; at night, an old commit is not applied.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { env, environments, refuse } from './lib.mjs';

const OURS = ['fleetform.yaml', 'fleetform.yml', 'fleetform.json', 'plan'];
const [what = ''] = process.argv.slice(2);

// `apply` gets `plan` from the job before it, as an artifact, and says itself what became of it.
rmSync(what === 'apply' ? 'plan/result.json' : 'plan', { recursive: true, force: true });

for (const entry of git('ls-files', '--stage', '-z').split('\0')) {
  const tab = entry.indexOf('\t');
  const path = entry.slice(tab + 1).toLowerCase();
  if (`/${path}/`.includes('/.fleetform/')) {
    refuse('This commit adds a .fleetform, where the state is kept: remove it.');
  }
  if (!/^(120000|160000) /.test(entry)) continue;
  if (
    OURS.includes(path.split('/').at(-1)) ||
    environments.some((name) => isInTheWay(path, name.toLowerCase()))
  ) {
    refuse("This commit adds a link or a submodule in the place of one of the pipeline's files: remove it.");
  }
}

/** Of the environments, what they are in, and what is in them. */
function isInTheWay(path, environment) {
  return `${path}/`.startsWith(`${environment}/`) || `${environment}/`.startsWith(`${path}/`);
}

const branch = env.CI_DEFAULT_BRANCH;
if (what === 'preview') {
  git('fetch', '--quiet', 'origin', `refs/heads/${branch}`);
  if (!succeeds('merge-base', '--is-ancestor', 'FETCH_HEAD', 'HEAD')) {
    refuse(
      `This branch is behind ${branch}, and a plan of it would undo newer commits: update the branch (rebase it) to plan again.`,
    );
  }
}
if (what === 'scheduled') {
  // Run again or late, it would have an older file, which undoes what has been merged since.
  git('fetch', '--quiet', 'origin', `refs/heads/${branch}`);
  if (git('rev-parse', 'FETCH_HEAD').trim() !== env.CI_COMMIT_SHA) {
    refuse(
      `${branch} has moved on since this pipeline began, so nothing is done: run its schedule once more.`,
    );
  }
}

function git(...args) {
  return execFileSync('git', args, { encoding: 'utf8', maxBuffer: 1 << 28 });
}

function succeeds(...args) {
  try {
    git(...args);
    return true;
  } catch {
    return false;
  }
}
