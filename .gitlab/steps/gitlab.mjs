// GitLab's API as its bot: notes of merge requests, and issues. https://docs.gitlab.com/api/notes/
// Invariant: what is written once more is the bot's own. Whoever copies our first line has written something else.
import { env } from './lib.mjs';

export const isBot = Boolean(env.GITLAB_BOT_TOKEN);
export const PROJECT = `${env.CI_API_V4_URL}/projects/${env.CI_PROJECT_ID}`;

export async function ask(url, method = 'GET', content = undefined) {
  const headers = { 'PRIVATE-TOKEN': env.GITLAB_BOT_TOKEN, 'content-type': 'application/json' };
  const answer = await fetch(url, { method, headers, body: content && JSON.stringify(content) });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status}`);
  return answer.json();
}

/** All pages of a list, until one of its items is it. */
export async function find(url, isIt) {
  for (let page = 1; ; page += 1) {
    const some = await ask(`${url}${url.includes('?') ? '&' : '?'}per_page=100&page=${page}`);
    const found = some.find(isIt);
    if (found !== undefined || some.length < 100) return found;
  }
}

export async function me() {
  return (await ask(`${env.CI_API_V4_URL}/user`)).id;
}

/** The bot's note on a merge request whose text begins so. */
export async function findNote(request, isBeginning) {
  const bot = await me();
  return find(`${request}/notes`, ({ author, body }) => author.id === bot && isBeginning(body));
}

export function writeNote(request, old, text) {
  const body = inert(text);
  return old === undefined
    ? ask(`${request}/notes`, 'POST', { body })
    : ask(`${request}/notes/${old.id}`, 'PUT', { body });
}

/** A line that begins with a slash would be a command to GitLab: /close, /merge, /approve. */
export function inert(text) {
  return text.replace(/^([^\S\n]*)\//gm, '$1\\/');
}

export function firstLine(text) {
  return text.split('\n')[0];
}

/** The end of a log as Markdown: in a fence that is longer than any in it. */
export function logBlock(text) {
  const end = text
    .split('\n')
    .slice(-40)
    .join('\n')
    .slice(-8000)
    .replace(/[\0-\x08\x0b-\x1f]/g, '');
  let fence = '```';
  while (end.includes(fence)) fence += '`';
  return `${fence}\n${end}\n${fence}\n`;
}
