/** A calendar as a page: its timeline, and the same by day in rows, with nothing left out. */
import type { Calendar, CalendarBlock } from '../../model/calendar.ts';
import type { Timeline, TimelineItem } from '../../model/timeline.ts';
import { calendarSummary } from '../calendar-summary.ts';
import {
  type CalendarRow,
  calendarRows,
  dayTime,
  elsewhereText,
  noteText,
  verdictText,
  windowText,
} from '../calendar-text.ts';
import { formatTime } from '../time.ts';
import { type Day, daysBetween } from './days.ts';
import { type Html, html } from './html.ts';
import { document, linksLine, type PageView } from './page.ts';
import { drawTimeline } from './timeline.ts';

/** `timeline`: of the same calendar. */
export function renderCalendarPage(calendar: Calendar, timeline: Timeline, view: PageView): string {
  const { timezone } = view;
  const isEmpty = calendar.entries.length === 0;
  const drawn = isEmpty
    ? { markup: null, rules: '' }
    : drawTimeline(timeline, {
        timezone,
        anchorOf: () => null,
        nowText: 'start',
        listedAt: placeInDays(calendar, timezone),
      });
  const body = html`<header>
<p class="kind">fleetform calendar</p>
<h1>${calendar.name}</h1>
${linksLine(view.links)}
<p class="quiet">${formatTime(calendar.from, timezone)} to ${formatTime(calendar.to, timezone)}</p>
<p class="quiet">From the file alone: what exists already, or has changed since, is a plan's to tell.</p>
</header>
<main id="main">
<section aria-labelledby="summary-title"><h2 class="summary" id="summary-title">${calendarSummary(calendar)}</h2></section>
${drawn.markup}
${isEmpty ? null : daysSection(calendar, timezone)}
${onceSection(calendar.once)}
${freezesSection(calendar, timezone)}
${notesSection([...elsewhereText(calendar, timezone), ...calendar.daylight.map(noteText)])}
</main>`;
  return document(`fleetform calendar: ${calendar.name}`, body, drawn.rules, view);
}

function daysSection(calendar: Calendar, timezone: string): Html {
  const rows = calendarRows(calendar.entries);
  const days = daysBetween(calendar.from, calendar.to, timezone).flatMap((day) => {
    const inside = rows.filter(({ at }) => at >= day.start && at < day.end);
    return inside.length === 0 ? [] : [dayBody(day, inside, timezone)];
  });
  return html`<section aria-labelledby="days-title">
<h2 id="days-title">By day</h2>
<div class="scroller" id="timeline-list"><table class="calendar"><thead><tr><th scope="col">Time</th><th scope="col">Batch</th><th scope="col">Where</th><th scope="col">Template</th><th scope="col"><span class="sr">Does it run?</span></th></tr></thead>
${days}
</table></div>
</section>`;
}

function dayBody({ start, label }: Day, rows: readonly CalendarRow[], timezone: string): Html {
  const year = dayTime(start + 12 * 3600, timezone, true).split(' ')[3] ?? '';
  return html`<tbody id="${dayId(start)}"><tr><th scope="rowgroup" colspan="5">${label} ${year}</th></tr>
${rows.map(
  (
    row,
  ) => html`<tr${row.verdict === 'runs' ? null : html` class="${toneOf(row)}"`}><td><time>${clock(row.at, timezone)}</time></td><td>${row.block}</td><td>${row.targets.join(', ')}</td><td>${row.template}</td><td>${verdictText(row, timezone)}</td></tr>
`,
)}</tbody>`;
}

/** The day of an item, of those that have rows. */
function placeInDays({ from, to, entries }: Calendar, timezone: string): (item: TimelineItem) => string {
  const rows = calendarRows(entries);
  const days = daysBetween(from, to, timezone).filter(({ start, end }) =>
    rows.some(({ at }) => at >= start && at < end),
  );
  return ({ at }) => {
    const day = days.find(({ start, end }) => at >= start && at < end);
    return day === undefined ? 'timeline-list' : dayId(day.start);
  };
}

function dayId(start: number): string {
  return `d${start}`;
}

function toneOf({ verdict }: CalendarRow): string {
  return verdict === 'maybe-skipped' ? 'maybe' : verdict.replace('maybe-', '');
}

/** `04:30 CET (03:30 UTC)`, which is broken between the two at most. */
function clock(at: number, timezone: string): Html {
  const [own = '', utc] = formatTime(at, timezone).slice(11).split(' (');
  return html`<span>${own}</span>${utc === undefined ? null : html` <span>(${utc}</span>`}`;
}

function onceSection(once: readonly CalendarBlock[]): Html | null {
  if (once.length === 0) return null;
  const items = once.map(
    ({ address, targetText, template, paused }) =>
      html`<li><strong>${address}</strong> on ${targetText}, ${template}${paused ? ', created paused' : ''}</li>`,
  );
  return html`<section aria-labelledby="once-title"><h2 id="once-title">As soon as it is applied</h2><ul class="plain">${items}</ul></section>`;
}

function freezesSection(calendar: Calendar, timezone: string): Html | null {
  if (calendar.windows.length === 0) return null;
  const items = calendar.windows.map(
    (window) => html`<li><strong>${window.freeze}</strong> ${windowText(window, calendar, timezone)}</li>`,
  );
  return html`<section aria-labelledby="freezes-title"><h2 id="freezes-title">Freezes</h2><ul class="plain">${items}</ul></section>`;
}

function notesSection(notes: readonly string[]): Html | null {
  if (notes.length === 0) return null;
  return html`<section aria-labelledby="notes-title"><h2 id="notes-title">Time zones</h2><ul class="plain">${notes.map((text) => html`<li>${text}</li>`)}</ul></section>`;
}
