// The plans as one note on the merge request, written once more with every push. Without a plan, the note that there is
// says so: what it showed is of an older commit.
import { existsSync, readFileSync } from 'node:fs';
import { ask, findNote, firstLine, isBot, PROJECT, writeNote } from './gitlab.mjs';
import { env } from './lib.mjs';

const { CI_MERGE_REQUEST_IID, CI_JOB_URL, CI_JOB_STATUS } = env;
// In a pipeline for merged results, CI_COMMIT_SHA is a trial merge.
const commit = env.CI_MERGE_REQUEST_SOURCE_BRANCH_SHA || env.CI_COMMIT_SHA;
if (!CI_MERGE_REQUEST_IID || !isBot || CI_JOB_STATUS === 'canceled') process.exit(0);

const request = `${PROJECT}/merge_requests/${CI_MERGE_REQUEST_IID}`;
// A job that ends late says nothing of a branch that has moved on.
if ((await ask(request)).sha !== commit) process.exit(0);

const plan = existsSync('plan/comment.md') ? readFileSync('plan/comment.md', 'utf8') : null;
if (plan !== null) {
  const old = await findNote(request, (body) => firstLine(body) === firstLine(plan));
  await writeNote(request, old, `${plan}\nPlan of commit ${commit}, by [this job](${CI_JOB_URL}).\n`);
} else {
  // The beginning of every plan's; a destroy's and another API's are others.
  const old = await findNote(request, (body) => /^<!-- fleetform:plans?:/.test(body));
  if (old !== undefined) {
    const why = `There is no plan for commit ${commit}: [this job](${CI_JOB_URL}) says why.`;
    await writeNote(request, old, `${firstLine(old.body)}\n\n${why}\n`);
  }
}
