// Looks whether the batches are as fleetform left them, and as the branch wants them; changes nothing but one issue. It is
// open while there is drift, written once more with every look, and closed when there is none any more. A look that failed
// closes nothing; a plan that may not be applied (a limit, preventCancel) was a look, and tells why.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { ask, find, inert, isBot, me, PROJECT } from './gitlab.mjs';
import {
  begin,
  env,
  environments,
  filesOf,
  fleetform,
  INTERRUPTED,
  isOne,
  isStopped,
  placeOf,
  refuse,
} from './lib.mjs';

const LOOKS = [
  { title: 'changed outside fleetform', flags: ['--refresh-only'] },
  { title: 'what a plan would do', flags: [] },
];
const MARKER = '<!-- fleetform:drift -->';
const { CI_JOB_URL, CI_COMMIT_SHA, CI_DEFAULT_BRANCH } = env;

let room = 900_000;
const parts = [];
const failed = [];
for (const environment of environments) {
  begin(environment);
  for (const [at, { title, flags }] of LOOKS.entries()) {
    const report = `${placeOf(environment)}/look-${at}.md`;
    const file = `${placeOf(environment)}/look-${at}.json`;
    for (const older of [report, file]) rmSync(older, { force: true });
    const outputs = ['--out', file, '--markdown', report];
    const args = ['plan', ...filesOf(environment), ...flags, '--detailed-exitcode', ...outputs];
    const code = await fleetform(environment, args);
    if (isStopped()) process.exit(INTERRUPTED);
    if (code !== 0 && code <= 2 && isPlan(file) && existsSync(report))
      append(isOne ? title : `\`${environment}\`: ${title}`, readFileSync(report, 'utf8'));
    else if (code !== 0) failed.push(isOne ? title : `${title} of ${environment}`);
  }
}

function isPlan(file) {
  return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).digest !== undefined;
}

/** A part of the issue, as a whole or, if there is no room for it, by its name. */
function append(title, text) {
  const isRoom = text.length <= room;
  if (isRoom) room -= text.length;
  // The marker is a note's, not an issue's.
  const body = isRoom
    ? text.replace(/^<!--.*\n/, '')
    : `There is no room for it here: [this job](${CI_JOB_URL}) shows it.\n`;
  parts.push(`\n## ${title}\n\n${body}`);
}

if (isBot) await tell();
if (failed.length > 0) refuse(`There was no look at: ${failed.join(', ')}`);
if (parts.length > 0 && !isBot) {
  refuse('There is drift, and without GITLAB_BOT_TOKEN no issue says so: see above.');
}

async function tell() {
  const bot = await me();
  // Whoever takes the label away has not closed it, so it is found by what it says, and by who has written it.
  const issue = await find(
    `${PROJECT}/issues?state=opened&scope=all&author_id=${bot}&order_by=created_at&sort=asc`,
    ({ author, description }) => author.id === bot && (description ?? '').startsWith(MARKER),
  );
  if (parts.length === 0) {
    if (issue === undefined || failed.length > 0) return;
    const body = `There is no drift any more, says [this job](${CI_JOB_URL}).`;
    await ask(`${PROJECT}/issues/${issue.iid}/notes`, 'POST', { body });
    await ask(`${PROJECT}/issues/${issue.iid}`, 'PUT', { state_event: 'close' });
    return;
  }
  const seen = `${MARKER}\nThe batches are not as \`${CI_DEFAULT_BRANCH}\` wants them, or not as fleetform left them. Seen at ${CI_COMMIT_SHA} by [this job](${CI_JOB_URL}); this text is written once more with every look, and the issue is closed when there is nothing left.\n`;
  const gap = failed.length > 0 ? '\n**There was no look at all of it:** the job says why.\n' : '';
  const description = inert(`${seen}${gap}${parts.join('')}`);
  if (issue !== undefined) await ask(`${PROJECT}/issues/${issue.iid}`, 'PUT', { description });
  else {
    const title = 'fleetform: the batches have drifted';
    await ask(`${PROJECT}/issues`, 'POST', { title, description, labels: 'fleetform-drift' });
  }
}
