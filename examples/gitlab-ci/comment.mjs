// Writes a file as a note of the merge request that this job runs for, or updates the note that it wrote before: the
// one that begins with the same first line. Without the file, the note that there is says so: what it showed is of an
// older commit. https://docs.gitlab.com/api/notes/
import { existsSync, readFileSync } from 'node:fs';

const { CI_API_V4_URL, CI_PROJECT_ID, CI_MERGE_REQUEST_IID, CI_JOB_URL, CI_JOB_STATUS, GITLAB_BOT_TOKEN } =
  process.env;
// In a pipeline for merged results, CI_COMMIT_SHA is a trial merge.
const commit = process.env.CI_MERGE_REQUEST_SOURCE_BRANCH_SHA || process.env.CI_COMMIT_SHA;
const [file = ''] = process.argv.slice(2);
if (!CI_MERGE_REQUEST_IID || !GITLAB_BOT_TOKEN || CI_JOB_STATUS === 'canceled') process.exit(0);

const request = `${CI_API_V4_URL}/projects/${CI_PROJECT_ID}/merge_requests/${CI_MERGE_REQUEST_IID}`;
const notes = `${request}/notes`;
// A job that ends late says nothing of a branch that has moved on.
if ((await ask(request)).sha !== commit) process.exit(0);

const plan = existsSync(file) ? readFileSync(file, 'utf8') : null;
const mine = await findNote(plan === null ? '<!-- fleetform:plan:' : firstLine(plan));
if (plan !== null) await write(`${plan}\nPlan of commit ${commit}, by [this job](${CI_JOB_URL}).\n`);
else if (mine !== undefined) {
  const marker = firstLine(mine.body);
  await write(`${marker}\n\nThere is no plan for commit ${commit}: [this job](${CI_JOB_URL}) says why.\n`);
}

function firstLine(text) {
  return text.split('\n')[0];
}

async function findNote(beginning) {
  const me = (await ask(`${CI_API_V4_URL}/user`)).id;
  for (let page = 1; ; page += 1) {
    const some = await ask(`${notes}?per_page=100&page=${page}`);
    const found = some.find((note) => note.author.id === me && note.body.startsWith(beginning));
    if (found !== undefined || some.length < 100) return found;
  }
}

function write(body) {
  return mine === undefined ? ask(notes, 'POST', { body }) : ask(`${notes}/${mine.id}`, 'PUT', { body });
}

async function ask(url, method = 'GET', content = undefined) {
  const headers = { 'PRIVATE-TOKEN': GITLAB_BOT_TOKEN, 'content-type': 'application/json' };
  const answer = await fetch(url, { method, headers, body: content && JSON.stringify(content) });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status}`);
  return answer.json();
}
