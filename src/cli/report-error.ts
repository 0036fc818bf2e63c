/** The last stop of every error: words for a user's, a confession for ours; JSON under --json. Never a bare stack. */
import type { CommanderError } from 'commander';
import { InterruptedError } from '../apply/errors.ts';
import { type Diagnostic, DiagnosticsError, FleetformError } from '../model/errors.ts';
import { machineError } from '../model/machine-error.ts';
import { legible, safeJson } from '../model/safe-text.ts';
import { renderError } from '../render/diagnostics.ts';
import { eventWriter } from './event-writer.ts';
import { SEE_HELP, type Session, usageError, type World } from './session.ts';
import { INTERRUPTED_EXIT } from './signals.ts';

/** A command line that never became a session: a flag in it is wrong, or there is no such folder as it names. */
export interface UnreadLine {
  readonly world: World;
  readonly isJson: boolean;
  /** Its command writes a line per event. */
  readonly isStream: boolean;
}

export function reportError(thrown: unknown, at: Session | UnreadLine): number {
  const error = machineError(thrown) ?? thrown;
  if (error instanceof InterruptedError) {
    at.world.stderr.write('Interrupted; nothing was started.\n');
    return INTERRUPTED_EXIT;
  }
  tell(diagnosticsOf(error), at);
  print(error, at);
  return 1;
}

/** After all else. A document that is on stdout already is not followed by another; of lines there may be more. */
export function reportLast(errors: readonly FleetformError[], session: Session, isStream: boolean): number {
  for (const error of errors) {
    if (isStream) tell(diagnosticsOf(error), session);
    print(error, session);
  }
  return 1;
}

function print(error: unknown, at: Session | UnreadLine): void {
  const session = 'tellErrors' in at ? at : undefined;
  const text = renderError(error, {
    color: session?.errColor ?? false,
    debug: session?.isDebug ?? false,
    width: session?.width ?? 100,
    cwd: session?.cwd ?? folderIn(at.world),
  });
  at.world.stderr.write(legible(text, session?.errColor ?? false));
}

/** What commander has found wrong. */
export function reportUsage({ exitCode, message }: CommanderError, line: UnreadLine): number {
  tell(diagnosticsOf(usageError(message.replace(/^error: /, ''), SEE_HELP)), line);
  return exitCode;
}

function folderIn(world: World): string {
  try {
    return world.cwd;
  } catch {
    return '/';
  }
}

function tell(diagnostics: readonly Diagnostic[], at: Session | UnreadLine): void {
  if ('tellErrors' in at) {
    if (at.flags.json === true) at.tellErrors(diagnostics);
  } else if (at.isJson) {
    const print = (text: string) => at.world.stdout.write(safeJson(text));
    if (at.isStream) eventWriter({ flags: { json: true }, printJsonText: print }).diagnostics(diagnostics);
    else print(`${JSON.stringify({ diagnostics }, null, 2)}\n`);
  }
}

/** Whatever was thrown. */
export function diagnosticsOf(thrown: unknown): readonly Diagnostic[] {
  const error = machineError(thrown) ?? thrown;
  if (error instanceof DiagnosticsError) return error.diagnostics;
  if (error instanceof FleetformError) {
    const { code, message, hint } = error;
    return [{ severity: 'error', code, message, ...(hint === undefined ? {} : { hint }) }];
  }
  const message = error instanceof Error ? error.message : String(error);
  return [{ severity: 'error', code: 'bug', message: `this is a bug in fleetform: ${message}` }];
}
