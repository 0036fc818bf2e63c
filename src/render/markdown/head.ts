/** What a comment begins with: what the plan comes to, what it is of, and what kind of a plan it is. */
import type { Plan } from '../../model/plan.ts';
import { hasErrors, isMaking } from '../../model/plan-summary.ts';
import { planDigest } from '../../model/plan-text.ts';
import type { ReviewLink } from '../../model/review-link.ts';
import { painter } from '../color.ts';
import { counted, reachText } from '../phrases.ts';
import { zonesOf } from '../skipped.ts';
import { planSummaryLines } from '../summary.ts';
import { isUtc } from '../time.ts';
import { code, prose } from './escape.ts';
import { dateText } from './times.ts';

export interface HeadView {
  readonly timezone: string;
  /** As short as it can be. */
  readonly isBrief: boolean;
}

/** In the words and numbers of the terminal. */
export function summaryText(plan: Plan): string {
  return planSummaryLines(plan, painter(false), undefined, (address) => code(address, 80))
    .map((line) => `**${line}**`)
    .join(' ');
}

/** One paragraph: game servers, file, API, when, zone. */
export function aboutText(plan: Plan, view: HeadView): string {
  const { batches, tasks } = plan.observation;
  const seen = `${counted(batches, 'batch', 'batches')} and ${counted(tasks, 'task')} seen`;
  return [
    serversText(plan),
    `${originText(plan, view)}${view.isBrief ? '' : `, ${seen}`}${outOfSightText(plan)}.`,
    view.isBrief
      ? ''
      : `Times in ${isUtc(view.timezone) ? '' : `${code(view.timezone, 40)} and `}UTC${[...zonesOf(plan, view.timezone).values()].some((zone) => !isUtc(zone)) ? ', unless a zone is named' : ''}.`,
  ]
    .filter((text) => text !== '')
    .join(' ');
}

/** `live-ops` at `https://api.i3d.net`, planned 2026-11-30 23:40 CET (22:40 UTC) */
export function originText(plan: Plan, { timezone, isBrief }: HeadView): string {
  const api = code(plan.api, isBrief ? 40 : 100);
  return `${code(plan.name, 64)} at ${api}, planned ${dateText(plan.plannedAt, timezone)}`;
}

/** At the very end: what `apply --expect` takes; empty: nothing of it will be applied. */
export function digestText(plan: Plan): string {
  if (plan.mode === 'refresh-only' || plan.at !== null || hasErrors(plan)) return '';
  return `Plan: ${code(planDigest(plan), 80)}`;
}

/** One paragraph; empty: there is none. An address that could end the link, or be more than one, is left out. */
export function linksText(links: readonly ReviewLink[]): string {
  const safe = links.filter(({ url }) => /^https?:\/\/[A-Za-z0-9._~:/?#=%+,@-]{1,500}$/i.test(url));
  if (safe.length === 0) return '';
  return `Under review: ${safe.map(({ text, url }) => `[${prose(text, 80)}](<${url}>)`).join(', ')}.`;
}

export function outOfSightText({ observation }: Plan): string {
  return observation.complete ? '' : '; the list is full, older batches are out of sight';
}

/** Modes and parts: an item of a list each. */
export function notices(plan: Plan, view: HeadView): string[] {
  return [...modeNotices(plan, view), ...scopeNotices(plan, view)].map((notice) => `- ${notice}`);
}

function modeNotices(plan: Plan, { timezone }: HeadView): string[] {
  const notices: string[] = [];
  if (plan.at !== null) {
    notices.push(`**Preview of the plan at ${dateText(plan.at, timezone)}; it cannot be applied.**`);
  }
  if (plan.mode === 'destroy') {
    notices.push('**Destroy:** this plan treats the file as having no batches.');
  }
  if (plan.mode === 'refresh-only') {
    notices.push(
      'Drift only (`--refresh-only`): what has changed outside fleetform. Nothing will be applied.',
    );
  }
  return notices;
}

function scopeNotices({ scope }: Plan, view: HeadView): string[] {
  const notices: string[] = [];
  const some = (addresses: readonly string[]) => namesText(addresses, view);
  if (scope.targets.length > 0)
    notices.push(`**This plan is partial; everything else is left unchanged.** Only ${some(scope.targets)}.`);
  if (scope.excludes.length > 0)
    notices.push(
      `**This plan is partial; everything else is left unchanged.** Without ${some(scope.excludes)}.`,
    );
  if (scope.replaces.length > 0) notices.push(`Replaced with \`--replace\`: ${some(scope.replaces)}.`);
  const flags = [
    ...(scope.refresh ? [] : ['`--refresh=false` (the state is trusted for what is bound)']),
    ...(scope.assumeMissing ? ['`--assume-missing`'] : []),
    ...(scope.allowEmpty ? ['`--allow-empty`'] : []),
  ];
  if (flags.length > 0) notices.push(`Planned with ${flags.join(', ')}.`);
  return notices;
}

function namesText(addresses: readonly string[], { isBrief }: HeadView): string {
  if (isBrief) return counted(addresses.length, 'address', 'addresses');
  const shown = addresses.slice(0, 5).map((address) => code(address));
  const rest = addresses.length - shown.length;
  return `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function serversText({ summary, changes }: Plan): string {
  const creating = changes.filter(isMaking);
  if (creating.length === 0) return '';
  const unknown = creating.filter(({ servers }) => servers === null).length;
  const but = unknown === 0 ? '' : ` (unknown of ${counted(unknown, 'change')})`;
  const kinds = ['create', 'replace'].filter((kind) => creating.some(({ action }) => action === kind));
  const what = kinds.map((kind) => `${kind}s`).join(' and ');
  return `${what[0]!.toUpperCase()}${what.slice(1)} reach ${reachText(summary)}${but}.`;
}
