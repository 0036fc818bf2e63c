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

const became = existsSync('plan/result.json') ? JSON.parse(readFileSync('plan/result.json', 'utf8')) : {};

function told(environment) {
  const title = isOne ? '' : `\`${environment}\`: `;
  const file = `${placeOf(environment)}/apply.log`;
  const log = existsSync(file) ? readFileSync(file, 'utf8') : '';
  switch (became[environment]) {
    case 'applied': {
      const counts = [...log.matchAll(/^(?:Apply|Destroy) complete: ([0-9a-z ,]*)/gm)].at(-1)?.[1] ?? '';
      const done = counts.split(', ').filter((count) => count !== '' && !count.startsWith('0 '));
      return `${title}applied as it was planned: ${done.join(', ') || 'there was nothing to do'}.\n`;
    }
    case 'failed':
      return `${title}**not applied, or not all of it.** The end of its log:\n\n${logBlock(log)}`;
    case 'begun':
      return `${title}**cut short.** What is made by now, a new plan shows.\n`;
    case 'not begun':
      return `${title}**not begun**, as the one before has failed.\n`;
    default:
      return `${title}**not applied**: the job says why.\n`;
  }
}

const marker = `<!-- fleetform:result:${commit} -->`;
const parts = [`${marker}\nMerged as ${commit}, and handled by [this job](${CI_JOB_URL}):\n`];
parts.push(...environments.map(told));
if (environments.some((environment) => became[environment] !== 'applied')) {
  parts.push(
    `To continue, run a new pipeline of \`${branch}\`: it plans again, and its manual job applies.\n`,
  );
}
const request = `${PROJECT}/merge_requests/${merge.iid}`;
const old = await findNote(request, (body) => firstLine(body) === marker);
await writeNote(request, old, parts.join('\n'));
