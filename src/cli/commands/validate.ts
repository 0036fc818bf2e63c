/** `fleetform validate`: the file alone; nothing is asked of any API. */
import type { Diagnostic } from '../../model/errors.ts';
import { daylightFindings } from '../../schedule/daylight-findings.ts';
import { annotate, annotateError } from '../annotate.ts';
import { loadFile } from '../load-file.ts';
import { notable } from '../notable.ts';
import type { Session } from '../session.ts';

/** Seconds: each change of clock is in it. */
const YEAR = 366 * 86_400;

export async function validate(session: Session): Promise<number> {
  // Who reads `valid` gets an answer, whatever the reason is.
  session.tellErrors = (diagnostics) => session.printJson({ valid: false, diagnostics });
  const desired = await loadFile(session).catch(async (error: unknown) => {
    await annotateError(session, error);
    throw error;
  });
  const { name, blocks, files } = desired;
  const now = Math.floor(Date.now() / 1000);
  const diagnostics = [...desired.diagnostics, ...daylightFindings(blocks, now, YEAR)];
  await annotate(session, diagnostics);
  if (session.flags.json === true) {
    session.printJson({ valid: true, name, batches: blocks.length, files, diagnostics });
    return 0;
  }
  if (diagnostics.length > 0) await tell(session, diagnostics);
  const count = `${blocks.length} ${blocks.length === 1 ? 'block' : 'blocks'}`;
  const from = files.length === 1 ? 'one file' : `${files.length} files`;
  if (session.flags.quiet !== true) session.print(`${name} is valid: ${count} in ${from}.\n`);
  return 0;
}

async function tell(session: Session, diagnostics: readonly Diagnostic[]): Promise<void> {
  const { renderDiagnostics } = await import('../../render/diagnostics.ts');
  session.warn(
    renderDiagnostics(notable(session, diagnostics), {
      color: session.errColor,
      width: session.width,
      cwd: session.cwd,
    }),
  );
}
