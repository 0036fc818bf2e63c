/** A plan that was made → its reports: the document, the comment and the page, each for who asks for it. */
import type { Plan } from '../model/plan.ts';
import { planToJson } from '../model/plan-text.ts';
import type { Timeline } from '../model/timeline.ts';
import type { PageView } from '../render/html/page.ts';
import type { PlanOutputs } from './failed-plan.ts';
import type { Report } from './reports.ts';

export function planReports(
  outputs: PlanOutputs,
  plan: Plan,
  { view, timeline }: { readonly view: PageView; readonly timeline: () => Timeline },
): Report[] {
  const { '--out': out, '--markdown': markdown, '--html': html } = outputs;
  const reports: Report[] = [];
  if (out !== undefined)
    reports.push({ kind: 'plan', file: out, text: () => planToJson(plan), instead: failed(plan) });
  if (markdown !== undefined) {
    const text = async () => (await import('../render/markdown/comment.ts')).renderMarkdown(plan, view);
    reports.push({ kind: 'markdown', file: markdown, text });
  }
  if (html !== undefined) {
    const text = async () => (await import('../render/html/page.ts')).renderPlanPage(plan, timeline(), view);
    reports.push({ kind: 'page', file: html, text });
  }
  return reports;
}

/** Nothing that could be applied. */
function failed(plan: Plan): NonNullable<Report['instead']> {
  return async (error) => {
    const { failedPlan } = await import('./failed-plan.ts');
    const { failedPlanToJson } = await import('../model/failed-plan.ts');
    return failedPlanToJson(failedPlan(plan, plan, error));
  };
}
