/** What the tests of the GitLab component begin with: a platform, an API beside it, and both gone at the end. */
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
