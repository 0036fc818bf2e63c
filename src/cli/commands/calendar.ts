/** `fleetform calendar`: what the file will run when; nothing is asked of any API, and no state is read (of a sandbox, its clock). */
import { resolveOrigin } from '../../api/origin.ts';
import type { Desired } from '../../model/desired.ts';
import { calendarTimeline } from '../../plan/review/calendar-timeline.ts';
import { calendarToJson, renderCalendar } from '../../render/calendar.ts';
import { renderDiagnostics } from '../../render/diagnostics.ts';
import { calendarOf } from '../../schedule/calendar.ts';
import { version } from '../../version.ts';
import { loadFile } from '../load-file.ts';
import { notable } from '../notable.ts';
import { refuseOverwriting, stdoutFlag } from '../output-file.ts';
import { writeReports } from '../reports.ts';
import { reviewLinks } from '../review-links.ts';
import type { Session } from '../session.ts';
import { sandboxFolder } from '../workspace.ts';

export interface CalendarFlags {
  readonly days: number;
  /** Unix seconds; default: now. */
  readonly from?: number;
  readonly html?: string;
}

const DAY = 86_400;

/** As a plan's: the clock of the file's sandbox may have been moved. It is a file, and only looked at. */
async function presentOf(session: Session, desired: Desired): Promise<number> {
  const { flags, world } = session;
  const own = { ...(flags.apiUrl === undefined ? {} : { flag: flags.apiUrl }), env: world.env };
  const { kind } = resolveOrigin({ ...own, file: desired.api, hasToken: false });
  if (kind !== 'sandbox') return Math.floor(Date.now() / 1000);
  const { openSandbox } = await import('../../sandbox/embedded.ts');
  return openSandbox(await sandboxFolder(desired)).now();
}

export async function calendar(session: Session, flags: CalendarFlags): Promise<number> {
  const outputs = { '--html': flags.html };
  const onStdout = stdoutFlag(session, outputs);
  const attempt = { isMade: false };
  try {
    return await makeAndTell(session, flags, onStdout !== undefined, attempt);
  } catch (error) {
    // Once it is made, what became of its page has been told.
    if (flags.html !== undefined && !attempt.isMade) {
      const { leavePage } = await import('../failed-reports.ts');
      await leavePage(session, 'calendar', flags.html, error);
    }
    throw error;
  }
}

async function makeAndTell(
  session: Session,
  flags: CalendarFlags,
  isOnStdout: boolean,
  attempt: { isMade: boolean },
): Promise<number> {
  const desired = await loadFile(session);
  await refuseOverwriting(session, desired, { '--html': flags.html });
  const from = flags.from ?? (await presentOf(session, desired));
  const made = calendarOf(desired, from, from + flags.days * DAY);
  const timezone = desired.timezone ?? session.localZone;
  attempt.isMade = true;
  session.warn(
    renderDiagnostics(notable(session, desired.diagnostics), {
      color: session.errColor,
      width: session.width,
      cwd: session.cwd,
      timezone,
    }),
  );
  if (flags.html !== undefined) {
    const { renderCalendarPage } = await import('../../render/html/calendar.ts');
    const view = { now: from, timezone, fleetformVersion: version, links: reviewLinks(session.world.env) };
    const text = () => renderCalendarPage(made, calendarTimeline(made, desired), view);
    await writeReports(session, [{ kind: 'page', file: flags.html, text }]);
  }
  if (session.flags.json === true) session.printJsonText(calendarToJson(made));
  else if (!isOnStdout) {
    const { outColor: color, width, mayCut } = session;
    session.print(renderCalendar(made, { color, width, mayCut, timezone }));
  }
  return 0;
}
