// Writes a file as a note of the merge request that this job runs for, or updates the note that it wrote before: the
// one that begins with the same first line. https://docs.gitlab.com/api/notes/
import { existsSync, readFileSync } from 'node:fs';

const { CI_API_V4_URL, CI_PROJECT_ID, CI_MERGE_REQUEST_IID, GITLAB_NOTES_TOKEN } = process.env;
const [file = ''] = process.argv.slice(2);
if (!CI_MERGE_REQUEST_IID || !GITLAB_NOTES_TOKEN || !existsSync(file)) process.exit(0);

const body = readFileSync(file, 'utf8');
const [marker] = body.split('\n');
const notes = `${CI_API_V4_URL}/projects/${CI_PROJECT_ID}/merge_requests/${CI_MERGE_REQUEST_IID}/notes`;
const me = (await ask(`${CI_API_V4_URL}/user`)).id;
const mine = await findNote();
if (mine === undefined) await ask(notes, 'POST');
else await ask(`${notes}/${mine.id}`, 'PUT');

async function findNote() {
  for (let page = 1; ; page += 1) {
    const some = await ask(`${notes}?per_page=100&page=${page}`);
    const found = some.find((note) => note.author.id === me && note.body.startsWith(marker));
    if (found !== undefined || some.length < 100) return found;
  }
}

async function ask(url, method = 'GET') {
  const headers = { 'PRIVATE-TOKEN': GITLAB_NOTES_TOKEN, 'content-type': 'application/json' };
  const answer = await fetch(url, {
    method,
    headers,
    ...(method === 'GET' ? {} : { body: JSON.stringify({ body }) }),
  });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status}`);
  return answer.json();
}
