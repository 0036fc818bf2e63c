/** A plan to stdout, what is to be minded to stderr. */

import type { Desired } from '../model/desired.ts';
import type { Plan } from '../model/plan.ts';
import { hasErrors } from '../model/plan-summary.ts';
import { planToJson } from '../model/plan-text.ts';
import { renderDiagnostics } from '../render/diagnostics.ts';
import { renderPlan } from '../render/plan.ts';
import { notable } from './notable.ts';
import type { Session } from './session.ts';

export interface ShowOptions {
  /** Unix seconds. */
  readonly now: number;
  readonly concise?: boolean;
  readonly aliases?: Desired['aliases'];
  /** It is applied as it was reviewed: what else has changed is left alone. */
  readonly isReviewed?: boolean;
  /** Nobody is asked about it: under --quiet it is enough to say what it comes to. */
  readonly isApproved?: boolean;
}

export function showPlan(session: Session, plan: Plan, options: ShowOptions): void {
  if (session.flags.json === true) {
    session.printJsonText(planToJson(plan));
    return;
  }
  const view = {
    now: options.now,
    color: session.outColor,
    width: session.width,
    mayCut: session.mayCut,
    timezone: plan.timezone ?? session.localZone,
    cwd: session.cwd,
    diagnostics: false,
    quiet: session.flags.quiet === true,
    isSummary: session.flags.quiet === true && options.isApproved === true,
    ...(options.isReviewed === true ? { isPart: true } : {}),
    ...(options.concise === undefined ? {} : { concise: options.concise }),
    ...(options.aliases === undefined ? {} : { aliases: options.aliases }),
  };
  if (session.flags.quiet !== true || !hasErrors(plan)) session.print(renderPlan(plan, view));
  const text = renderDiagnostics(notable(session, plan.diagnostics), {
    color: session.errColor,
    width: session.width,
    cwd: session.cwd,
    timezone: view.timezone,
  });
  if (text !== '') session.warn(`\n${text}`);
}
