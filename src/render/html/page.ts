/**
 * A plan, or a status, as one page (`calendar.ts`: a calendar) that needs nothing else: no script, no network, one style sheet that the page's
 * own policy allows by its hash. Pure: what it shows is passed in.
 */
import { createHash } from 'node:crypto';
import type { Desired } from '../../model/desired.ts';
import type { Plan } from '../../model/plan.ts';
import { planDigest } from '../../model/plan-text.ts';
import type { ReviewLink } from '../../model/review-link.ts';
import type { Status } from '../../model/status.ts';
import type { Timeline, TimelineItem } from '../../model/timeline.ts';
import type { AttributeContext } from '../attributes.ts';
import { counted } from '../phrases.ts';
import { zonesOf } from '../skipped.ts';
import { planSummaryLines } from '../summary.ts';
import { formatTime, isUtc } from '../time.ts';
import { driftSection, unmanagedSection } from './batches.ts';
import { anchorsOf, changesSection, unchangedSection } from './changes.ts';
import { findingsSections } from './findings.ts';
import { glance } from './glance.ts';
import { type Html, html, styleElement } from './html.ts';
import { statusAnchors, statusSection } from './status-cards.ts';
import { STYLES } from './styles.ts';
import { drawTimeline } from './timeline.ts';

/** By which clock and in which words a page is written. */
export interface PageView {
  /** Unix seconds. */
  readonly now: number;
  /** An IANA zone. */
  readonly timezone: string;
  readonly aliases?: Desired['aliases'];
  /** Paths below this folder are shown relative to it. */
  readonly cwd?: string;
  readonly fleetformVersion: string;
  /** Where it is reviewed; default: nowhere. */
  readonly links?: readonly ReviewLink[];
  /** Of a plan that was saved: its timeline has what the plan itself says, and no more. */
  readonly isFromSaved?: boolean;
}

/** A plan as one HTML page that loads nothing else. */
export function renderPlanPage(plan: Plan, timeline: Timeline, view: PageView): string {
  const { timezone } = view;
  const anchors = anchorsOf(plan);
  const drawn = drawTimeline(timeline, { timezone, anchorOf: anchorIn(anchors) });
  const context: AttributeContext = {
    timezone,
    now: view.now,
    room: 90,
    isWhole: true,
    fleetNames: reversed((view.aliases ?? plan.aliases)?.fleets),
    regionNames: reversed((view.aliases ?? plan.aliases)?.regions),
    zones: zonesOf(plan, view.timezone),
  };
  const findings = findingsSections(plan.diagnostics, view.cwd, timezone);
  const body = html`<header>
<p class="kind">fleetform ${plan.mode === 'refresh-only' ? 'drift' : plan.mode === 'destroy' ? 'plan to destroy' : 'plan'}</p>
<h1>${plan.name}</h1>
${linksLine(view.links)}
<p class="quiet about">${plan.api} · planned ${timeText(plan.plannedAt, timezone)} · ${counted(plan.observation.batches, 'batch', 'batches')} and ${counted(plan.observation.tasks, 'task')} seen${plan.observation.complete ? '' : '; the list is full, older batches are out of sight'}</p>
${plan.at === null ? null : html`<p class="notice"><strong>Preview:</strong> the plan at ${timeText(plan.at, timezone)}. It cannot be applied.</p>`}
${scopeNotice(plan)}
${view.isFromSaved === true ? html`<p class="quiet">From the saved plan: earlier runs, and batches that are listed below without a time, are not on its timeline.</p>` : null}
</header>
<main id="main">
<section aria-labelledby="summary-title">
${planSummaryLines(plan, (_style, text) => text).map((text, index) => (index === 0 ? html`<h2 class="summary" id="summary-title">${text}</h2>` : html`<p class="summary-more">${text}</p>`))}
${glance(plan, findings.othersText, context)}
</section>
${findings.errors}
${driftSection(plan.drift)}
${changesSection(plan, context)}
${findings.others}
${drawn.markup}
${unmanagedSection(plan.unmanaged, timezone)}
${unchangedSection(plan, context)}
<p class="quiet digest">Plan <code>${planDigest(plan)}</code></p>
</main>`;
  return document(`fleetform plan: ${plan.name}`, body, drawn.rules, view);
}

/** A status as one HTML page that loads nothing else. */
export function renderStatusPage(status: Status, timeline: Timeline, view: PageView): string {
  const { timezone, now } = view;
  const anchors = statusAnchors(status.rows);
  const drawn = drawTimeline(timeline, { timezone, anchorOf: anchorIn(anchors) });
  const phases = [...new Set(status.rows.map((row) => row.phase))];
  const counts = phases.map((phase) => {
    return `${status.rows.filter((row) => row.phase === phase).length} ${phase}`;
  });
  const body = html`<header>
<p class="kind">fleetform status</p>
<h1>${status.name}</h1>
${linksLine(view.links)}
<p class="quiet">${status.api} · ${formatTime(now, timezone)}</p>
</header>
<main id="main">
<section aria-labelledby="summary-title"><h2 class="summary" id="summary-title">${counts.length === 0 ? 'No batches.' : `${counts.join(', ')}.`}</h2></section>
${drawn.markup}
${statusSection(status, now, timezone)}
${unmanagedSection(status.unmanaged, timezone)}
</main>`;
  return document(`fleetform status: ${status.name}`, body, drawn.rules, view);
}

/** `rules`: the page's own, of its timeline. */
export function document(title: string, body: Html, rules: string, view: PageView): string {
  const css = STYLES + rules;
  const hash = createHash('sha256').update(css).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  return `${
    html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
${styleElement(css)}
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
${body}
<footer class="quiet">fleetform ${view.fleetformVersion} · times in ${isUtc(view.timezone) ? 'UTC' : `${view.timezone}, and in UTC`}</footer>
</body>
</html>`.markup
  }\n`;
}

/** To the change under review, its commit and its run. */
export function linksLine(links: readonly ReviewLink[] = []): Html | null {
  const safe = links.filter(({ url }) => /^https?:\/\//i.test(url));
  if (safe.length === 0) return null;
  return html`<ul class="links" aria-label="Under review">${safe.map(({ text, url }) => html`<li><a href="${url}" rel="noopener noreferrer">${text}</a></li>`)}</ul>`;
}

function scopeNotice({ scope }: Plan): Html | null {
  const words = [
    ...scope.targets.map((one) => html`Only <code>${one}</code> `),
    ...scope.excludes.map((one) => html`Without <code>${one}</code> `),
  ];
  if (words.length === 0) return null;
  return html`<p class="notice"><strong>This plan is partial; everything else is left unchanged.</strong> ${words}</p>`;
}

function anchorIn(anchors: ReadonlyMap<string, string>): (item: TimelineItem) => string | null {
  return ({ address }) => (address === null ? null : (anchors.get(address) ?? null));
}

function timeText(rfc3339: string, timezone: string): string {
  const seconds = Date.parse(rfc3339) / 1000;
  return Number.isFinite(seconds) ? formatTime(seconds, timezone) : 'at an unknown time';
}

function reversed(aliases: Readonly<Record<string, string>> | undefined): Map<string, string> {
  return new Map(Object.entries(aliases ?? {}).map(([alias, id]) => [id, alias]));
}
