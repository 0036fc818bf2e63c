// The plans as one note on the merge request, written once more with every push. Without a plan, the note that there is
// says so: what it showed is of an older commit.
import { existsSync, readFileSync } from 'node:fs';
import { ask, findNote, firstLine, isBot, PROJECT, writeNote } from './gitlab.mjs';
import { env, environments, isOne, placeOf } from './lib.mjs';

const { CI_MERGE_REQUEST_IID, CI_JOB_URL, CI_JOB_STATUS } = env;
// In a pipeline for merged results, CI_COMMIT_SHA is a trial merge.
const commit = env.CI_MERGE_REQUEST_SOURCE_BRANCH_SHA || env.CI_COMMIT_SHA;
if (!CI_MERGE_REQUEST_IID || !isBot || CI_JOB_STATUS === 'canceled') process.exit(0);

const request = `${PROJECT}/merge_requests/${CI_MERGE_REQUEST_IID}`;
// A job that ends late says nothing of a branch that has moved on, nor takes away what was reviewed and merged.
const { sha, state } = await ask(request);
if (sha !== commit || state !== 'opened') process.exit(0);

const plan = existsSync('plan/comment.md') ? readFileSync('plan/comment.md', 'utf8') : null;
// By the job and the state that it plans on, whatever names and environments the file has by now.
const whose = [env.CI_JOB_NAME ?? '', env.FLEETFORM_STATE ?? ''].map(encodeURIComponent).join(':');
const marker = `<!-- fleetform:merge-request:${whose} -->`;
const old =
  (await findNote(request, (body) => firstLine(body) === marker)) ??
  // Before it had a line of its own, it began with the plans'.
  (plan === null ? undefined : await findNote(request, (body) => firstLine(body) === firstLine(plan)));
const none = `There is no plan for commit ${commit}: [this job](${CI_JOB_URL}) says why.\n`;

if (plan === null) {
  if (old !== undefined) await writeNote(request, old, `${marker}\n\n${none}`);
} else if (isOne && isFailed(`${placeOf(environments[0])}/live.plan.json`)) {
  // A file that does not even tell its name is nobody's yet.
  const isNamed = !plan.startsWith('<!-- fleetform:plans:');
  if (old !== undefined || isNamed) await writeNote(request, old, `${marker}\n${plan}\n${none}`);
} else {
  const by = `Plan of commit ${commit}, by [this job](${CI_JOB_URL}).\n`;
  await writeNote(request, old, `${marker}\n${plan}\n${by}`);
}

function isFailed(file) {
  return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).failed === true;
}
