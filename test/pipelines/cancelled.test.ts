/** A job that is cancelled while an apply sends: both platforms' signals, as their runners send them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs } from '../support/tools.ts';
import { green, resultsOn, TOOLS, withGitHub } from './github-scenes.ts';
import { withGitLab } from './gitlab-scenes.ts';
import { type Repository, signalScripts } from './workspace.ts';

const it = needs(suite('cancelled pipelines'), ...TOOLS);

const MORE = 14;

/** So many batches that not all of them are sent at once. */
function many({ root }: Repository): void {
  const file = join(root, 'fleetform.yaml');
  const blocks = Array.from({ length: MORE }, (_, at) => {
    const time = `2030-12-02T${String(at).padStart(2, '0')}:00:00Z`;
    return `  b${at}:\n    template: Collect logs\n    target: { fleet: eu }\n    executeAt: ${time}\n`;
  });
  writeFileSync(file, readFileSync(file, 'utf8').replace('create: 20', 'create: 50') + blocks.join(''));
}

/** Creates that take long to be answered; at the third, `cancel` is called. */
function slowly(cancel: () => void) {
  let posts = 0;
  return ({ method }: { method: string }) => {
    if (method !== 'POST') return undefined;
    posts += 1;
    if (posts === 3) cancel();
    return posts > 3 + MORE ? undefined : ({ kind: 'delay', when: 'before', delayMs: 1500 } as const);
  };
}

it('GitHub: the step alone gets two signals; what is in flight is recorded, nothing more begins, nothing stays locked', () => {
  const cancel = () => {
    signalScripts('SIGINT', 'process');
    setTimeout(() => signalScripts('SIGTERM', 'process'), 300);
  };
  return withGitHub(
    async (hub) => {
      hub.repository.branch('many');
      many(hub.repository);
      const head = hub.repository.commit('Many');
      green(await hub.pullRequest(head));
      const run = await hub.merged(hub.repository.squash('many'), head);
      assert.is(run.code, 130, run.output);
      assert.match(run.output, 'finishing what is in progress');
      const made = hub.api.posts().length;
      assert.ok(made < 3 + MORE, `${made} were sent`);
      const [result] = resultsOn(hub, 7);
      assert.match(result!, '**cut short.**');
      assert.match(result!, `Apply incomplete: ${made} created`);
      assert.match((await hub.dispatch('lock list')).output, 'Nothing is locked');
      const rest = await hub.dispatch('apply');
      green(rest);
      assert.match(rest.output, `Apply complete: ${3 + MORE - made} created`);
    },
    { faultFor: slowly(cancel) },
  );
});

for (const to of ['process', 'group'] as const) {
  it(`GitLab: a signal to the ${to} of the script, twice, is one for fleetform`, () => {
    const cancel = () => {
      signalScripts('SIGTERM', to);
      setTimeout(() => signalScripts('SIGTERM', to), 300);
    };
    return withGitLab(
      async (lab) => {
        many(lab.repository);
        const commit = lab.repository.commit('Many');
        const { applied } = await lab.merged(commit);
        assert.not.ok(applied.isGreen);
        const made = lab.api.posts().length;
        assert.ok(made < 3 + MORE, `${made} were sent`);
        assert.match(applied.output, 'finishing what is in progress');
        assert.match(applied.output, `Apply incomplete: ${made} created`);
        assert.is(lab.gitlab.states.lock, null);
        const rest = await lab.byHand(commit, { command: 'apply' });
        assert.match(rest.output, `Apply complete: ${3 + MORE - made} created`);
      },
      { faultFor: slowly(cancel) },
    );
  });
}

it.run();
