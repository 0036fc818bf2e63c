/** Under --json, apply writes one JSON object per line to stdout as things happen; otherwise nothing. */
import type { ApplyEvent } from '../model/apply-events.ts';
import type { Diagnostic } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import { diagnosticLine, eventLine, planLines, versionLine } from '../render/ndjson.ts';
import { version } from '../version.ts';
import type { Session } from './session.ts';

export interface EventWriter {
  plan(plan: Plan): void;
  event(event: ApplyEvent): void;
  diagnostics(diagnostics: readonly Diagnostic[]): void;
}

/** What it needs of a session: of a line with a usage error there is none. */
type Lines = Pick<Session, 'printJsonText'> & { readonly flags: Pick<Session['flags'], 'json'> };

export function eventWriter(session: Lines): EventWriter {
  if (session.flags.json !== true) return { plan: () => {}, event: () => {}, diagnostics: () => {} };
  let hasBegun = false;
  const write = (lines: readonly object[]) => {
    if (lines.length === 0) return;
    const timestamp = new Date().toISOString();
    const all = hasBegun ? lines : [versionLine(version), ...lines];
    hasBegun = true;
    session.printJsonText(
      all.map((line) => `${JSON.stringify({ ...line, '@timestamp': timestamp })}\n`).join(''),
    );
  };
  return {
    plan: (plan) => write(planLines(plan)),
    event: (event) => write(eventLine(event)),
    diagnostics: (diagnostics) => write(diagnostics.map(diagnosticLine)),
  };
}
