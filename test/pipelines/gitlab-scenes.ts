/** What the tests of the GitLab component begin with: a platform, an API beside it, and both gone at the end. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { type ServeOptions, serve } from '../support/cli.ts';
import { GitLab, type Ran } from './fake-gitlab.ts';

export async function withGitLab(
  work: (lab: GitLab) => Promise<void>,
  options: ServeOptions = {},
): Promise<void> {
  const api = await serve(options);
  const lab = new GitLab(api);
  try {
    await lab.open();
    await work(lab);
  } finally {
    await lab.gitlab.close();
    await api.server.close();
  }
}

export function green(ran: Ran): void {
  assert.ok(ran.isGreen, ran.output);
}

/** In the file that a person works on. */
export function edit(lab: GitLab, from: string | RegExp, to: string): void {
  const file = join(lab.repository.root, 'fleetform.yaml');
  const text = readFileSync(file, 'utf8');
  assert.match(text, from);
  writeFileSync(file, text.replace(from, to));
}
