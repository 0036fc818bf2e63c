/** Findings at their lines in a pull request, where GitHub Actions runs this (also Gitea and Forgejo). */
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Diagnostic } from '../model/errors.ts';
import { notable } from './notable.ts';
import type { Session } from './session.ts';

/** To stderr, which the runner reads as it reads stdout: that may be a document. */
export async function annotate(session: Session, diagnostics: readonly Diagnostic[]): Promise<void> {
  const { env, stderr } = session.world;
  if (env.GITHUB_ACTIONS !== 'true') return;
  const { annotations } = await import('../render/annotations.ts');
  const text = annotations(
    notable(session, diagnostics).map((one) => absolute(session.cwd, one)),
    {
      folders: foldersOf(env.GITHUB_WORKSPACE),
      redact: session.redactor.redact,
    },
  );
  // Not through `legible`, which takes the meaning out of commands: these are ours.
  if (text !== '') stderr.write(text);
}

export async function annotateError(session: Session, error: unknown): Promise<void> {
  if (session.world.env.GITHUB_ACTIONS !== 'true') return;
  const { diagnosticsOf } = await import('./report-error.ts');
  await annotate(session, diagnosticsOf(error));
}

function absolute(cwd: string, diagnostic: Diagnostic): Diagnostic {
  const { range } = diagnostic;
  return range === undefined
    ? diagnostic
    : { ...diagnostic, range: { ...range, file: resolve(cwd, range.file) } };
}

/** As it is named, and as it is without links. */
function foldersOf(workspace: string | undefined): string[] {
  if (!workspace) return [];
  try {
    return [workspace, realpathSync(workspace)];
  } catch {
    return [workspace];
  }
}
