/** What the tests of examples/github-actions have in common: a platform with an API, changes of the file, looks. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { type ServeOptions, serve } from '../support/cli.ts';
import { GitHub, type Run } from './fake-github.ts';
import { NIGHTLY } from './workspace.ts';

/** What a job's scripts run in, and what the fake gh filters with. */
export const TOOLS = ['bash', 'jq'] as const;

export async function withGitHub(
  work: (hub: GitHub) => Promise<void>,
  options: ServeOptions = {},
): Promise<void> {
  const api = await serve(options);
  const hub = new GitHub(api);
  try {
    await hub.open();
    await work(hub);
  } finally {
    await hub.close();
    await api.server.close();
  }
}

export function edit(hub: GitHub, from: string | RegExp, to: string): void {
  const file = join(hub.repository.root, 'fleetform.yaml');
  const text = readFileSync(file, 'utf8');
  assert.match(text, from);
  writeFileSync(file, text.replace(from, to));
}

/** A pull request's branch that adds one batch before a line of the file; returns its head. */
export function proposal(hub: GitHub, name: string, before: string | RegExp): string {
  hub.repository.branch(name);
  // A time of its own, of as many seconds as its name is long.
  const lines = [
    'template: Collect logs',
    'target: { fleet: us }',
    `executeAt: 2030-12-01T03:00:0${name.length}Z`,
  ];
  edit(hub, before, `  ${name}:\n${lines.map((line) => `    ${line}\n`).join('')}$&`);
  return hub.repository.commit(`Add ${name}`);
}

/** Plans and merges the file as it is, so that main is applied. */
export async function winter(hub: GitHub): Promise<void> {
  hub.repository.branch('winter');
  const head = hub.repository.commit('Plan the winter');
  green(await hub.pullRequest(head));
  green(await hub.merged(hub.repository.squash('winter'), head));
}

/** Puts a restart of every night into the file, made for the next three of them; returns the commit on main. */
export function nightly(hub: GitHub): string {
  hub.repository.branch('nightly');
  edit(hub, /$/, NIGHTLY);
  hub.repository.commit('Restart every night');
  return hub.repository.squash('nightly');
}

export function green(run: Run): void {
  assert.ok(run.isGreen, run.output);
}

const RESULT = '<!-- fleetform:result:';

/** What is told of what became of merges, one after the other. */
export function resultsOn(hub: GitHub, pull: number): string[] {
  return hub.comments.flatMap(({ pull: on, body }) => (on === pull && body.startsWith(RESULT) ? [body] : []));
}

export function commentOn(hub: GitHub, pull: number): string {
  const found = hub.comments.filter(({ pull: on, body }) => on === pull && !body.startsWith(RESULT));
  assert.is(found.length, 1);
  return found[0]!.body;
}
