/** The last stop of every error: words for a user's, a confession for ours; JSON under --json. Never a bare stack. */
import { type Diagnostic, DiagnosticsError, FleetformError } from '../model/errors.ts';
import { renderError } from '../render/diagnostics.ts';
import type { Session, World } from './session.ts';

export function reportError(error: unknown, world: World, session: Session | undefined): number {
  const isDebug = session?.isDebug ?? false;
  if (session?.flags.json === true) session.tellErrors(diagnosticsOf(error));
  const text = renderError(error, {
    color: session?.errColor ?? false,
    debug: isDebug,
    width: session?.width ?? 100,
    cwd: session?.cwd ?? world.cwd,
  });
  world.stderr.write(text);
  return 1;
}

function diagnosticsOf(error: unknown): readonly Diagnostic[] {
  if (error instanceof DiagnosticsError) return error.diagnostics;
  if (error instanceof FleetformError) {
    const { code, message, hint } = error;
    return [{ severity: 'error', code, message, ...(hint === undefined ? {} : { hint }) }];
  }
  const message = error instanceof Error ? error.message : String(error);
  return [{ severity: 'error', code: 'bug', message: `this is a bug in fleetform: ${message}` }];
}
