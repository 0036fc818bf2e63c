// What became of the merge, as a note on its merge request: of each environment what was done, or the end of its log.
import { existsSync, readFileSync } from 'node:fs';
import { find, findNote, firstLine, isBot, logBlock, PROJECT, writeNote } from './gitlab.mjs';
import { env, environments, isOne, placeOf } from './lib.mjs';

const { CI_COMMIT_SHA: commit, CI_DEFAULT_BRANCH: branch, CI_JOB_URL } = env;
if (!isBot) process.exit(0);

/** Merged by a merge commit, squashed, or by moving the branch on to its last commit. */
const merge = await find(
  `${PROJECT}/repository/commits/${commit}/merge_requests`,
  (one) =>
    one.state === 'merged' &&
    one.target_branch === branch &&
    [one.merge_commit_sha, one.squash_commit_sha, one.sha].includes(commit),
);
if (merge === undefined) process.exit(0);

const NOTHING = 'there was nothing to do';
const became = existsSync('plan/result.json') ? JSON.parse(readFileSync('plan/result.json', 'utf8')) : {};

const marker = `<!-- fleetform:result:${commit} -->`;
const request = `${PROJECT}/merge_requests/${merge.iid}`;
const old = await findNote(request, (body) => firstLine(body) === marker);
/** What an earlier job has applied stays told, whatever comes of running it again. */
const record = (old?.body ?? '').split('\n');

function told(environment) {
  const title = isOne ? '' : `\`${environment}\`: `;
  const before = record.filter((line) => {
    return (
      line.startsWith(title) && /^applied as it was planned: [0-9a-z ,]+\.$/.test(line.slice(title.length))
    );
  });
  const what = became[environment];
  if (before.length === 0) return { lines: [outcomeText(title, what, environment)], isNew: true };
  const lines = before.map((line) => `${line}\n`);
  if (what === 'applied' && outcomeText(title, what, environment).includes(NOTHING)) return { lines };
  if (what === undefined || what === 'not begun' || what === 'applied before') return { lines };
  return { lines: [...lines, outcomeText(`${title}run again, `, what, environment)], isNew: true };
}

function outcomeText(title, what, environment) {
  const file = `${placeOf(environment)}/apply.log`;
  const log = existsSync(file) ? readFileSync(file, 'utf8') : '';
  switch (what) {
    case 'applied': {
      const counts = [...log.matchAll(/^(?:Apply|Destroy) complete: ([0-9a-z ,]*)/gm)].at(-1)?.[1] ?? '';
      const done = counts.split(', ').filter((count) => count !== '' && !count.startsWith('0 '));
      return `${title}applied as it was planned: ${done.join(', ') || NOTHING}.\n`;
    }
    case 'applied before':
      return `${title}had been applied already: nothing of the plan was left to do.\n`;
    case 'failed':
      return `${title}**not applied, or not all of it.** The end of its log:\n\n${logBlock(log)}`;
    case 'begun': {
      const end = log === '' ? '\n' : ` The end of its log:\n\n${logBlock(log)}`;
      return `${title}**cut short.** What is made by now, a new plan shows.${end}`;
    }
    case 'not begun':
      return `${title}**not begun**, as the one before was not applied.\n`;
    default:
      return `${title}**not applied**: the job says why.\n`;
  }
}

const all = environments.map(told);
if (old === undefined || all.some(({ isNew }) => isNew)) {
  const parts = [`${marker}\nMerged as ${commit}, and handled by [this job](${CI_JOB_URL}):\n`];
  parts.push(...all.flatMap(({ lines }) => lines));
  const isOpen = (environment, at) =>
    all[at].isNew && !['applied', 'applied before'].includes(became[environment]);
  if (environments.some(isOpen)) {
    parts.push(
      `To continue, run a new pipeline of \`${branch}\`: it plans again, and its manual job applies.\n`,
    );
  }
  await writeNote(request, old, parts.join('\n'));
}
