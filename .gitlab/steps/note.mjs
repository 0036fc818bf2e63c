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
// A job that ends late says nothing of a branch that has moved on.
if ((await ask(request)).sha !== commit) process.exit(0);

const plan = existsSync('plan/comment.md') ? readFileSync('plan/comment.md', 'utf8') : null;
// The beginning of every plan's; a destroy's and another API's are others.
const shown = () => findNote(request, (body) => /^<!-- fleetform:plans?:/.test(body));
const own = () => findNote(request, (body) => firstLine(body) === firstLine(plan));
const none = `There is no plan for commit ${commit}: [this job](${CI_JOB_URL}) says why.\n`;

if (plan === null) {
  const old = await shown();
  if (old !== undefined) await writeNote(request, old, `${firstLine(old.body)}\n\n${none}`);
} else if (isOne && isFailed(`${placeOf(environments[0])}/live.plan.json`)) {
  // A file that does not tell its name has a marker that no plan of it will have.
  const isNamed = !plan.startsWith('<!-- fleetform:plans:');
  const old = await (isNamed ? own() : shown());
  const marker = isNamed ? firstLine(plan) : old && firstLine(old.body);
  if (marker !== undefined) {
    await writeNote(request, old, `${marker}${plan.slice(firstLine(plan).length)}\n${none}`);
  }
} else
  await writeNote(request, await own(), `${plan}\nPlan of commit ${commit}, by [this job](${CI_JOB_URL}).\n`);

function isFailed(file) {
  return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).failed === true;
}
