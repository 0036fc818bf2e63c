/** `fleetform status`: the status of the batches; with --watch, refreshed until nothing moves. */

import { unlessAborted } from '../../api/waiting.ts';
import { isAllPaused } from '../../model/batch-phase.ts';
import type { Desired, DesiredSettings } from '../../model/desired.ts';
import { DiagnosticsError } from '../../model/errors.ts';
import type { Status } from '../../model/status.ts';
import type { Timeline } from '../../model/timeline.ts';
import { lookAtStatus } from '../../observe/status.ts';
import { statusOf } from '../../plan/review/status.ts';
import { timelineOf } from '../../plan/review/timeline.ts';
import { renderDiagnostics } from '../../render/diagnostics.ts';
import { renderStatus, statusToJson } from '../../render/status.ts';
import { watchFrame } from '../../render/watch/frame.ts';
import { watchSummary } from '../../render/watch/summary.ts';
import { version } from '../../version.ts';
import { loadFile, loadFileSettings } from '../load-file.ts';
import { refuseOverwriting, stdoutFlag } from '../output-file.ts';
import { openPicture, type Picture } from '../picture.ts';
import { writeReports } from '../reports.ts';
import { reviewLinks } from '../review-links.ts';
import { type Session, usageError } from '../session.ts';
import { INTERRUPTED_EXIT, stopOnSignal } from '../signals.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

export interface StatusFlags {
  readonly watch?: boolean;
  /** Seconds between one look and the next; default 2. */
  readonly interval?: number;
  readonly html?: string;
}

export async function status(session: Session, flags: StatusFlags): Promise<number> {
  const outputs = { '--html': flags.html };
  stdoutFlag(session, outputs);
  if (flags.html !== undefined && flags.watch === true) {
    throw usageError(
      '--html is a single snapshot; it cannot be combined with --watch',
      'Leave out one of them.',
    );
  }
  if (flags.interval !== undefined && flags.watch !== true) {
    throw usageError('--interval needs --watch', 'Without it there is only one look.');
  }
  if (flags.watch === true) return await watch(session, (flags.interval ?? 2) * 1000);
  const attempt = { isMade: false };
  try {
    return await once(session, outputs, attempt);
  } catch (error) {
    // Once it is made, what became of its page has been told.
    if (flags.html !== undefined && !attempt.isMade) {
      const { leavePage } = await import('../failed-reports.ts');
      await leavePage(session, 'status', flags.html, error);
    }
    throw error;
  }
}

async function once(
  session: Session,
  outputs: { readonly '--html': string | undefined },
  attempt: { isMade: boolean },
): Promise<number> {
  const workspace = await openWorkspace(session, () => readFile(session));
  try {
    await refuseOverwriting(session, workspace.desired, outputs);
    const { status: current, timeline } = await look(workspace);
    attempt.isMade = true;
    const { '--html': file } = outputs;
    if (file !== undefined) await writePage(session, workspace, current, timeline, file);
    if (file !== '-') print(session, workspace, current, false);
    return 0;
  } finally {
    await workspace.close();
  }
}

/**
 * On a terminal one picture is drawn over itself as long as anything is live, also if it is only scheduled, and a summary
 * stays. Elsewhere somebody waits for the end: of what runs by now, as what is scheduled may be a week ahead.
 */
async function watch(session: Session, intervalMs: number): Promise<number> {
  const { stdout } = session.world;
  const isDrawn = Boolean(stdout.isTTY) && session.world.env.TERM !== 'dumb' && session.flags.json !== true;
  let picture: Picture | null = null;
  const workspace = await openWorkspace(session, () => readFile(session), {
    onWait: (text) => (picture?.isShown() ? picture.notice(text) : session.remark(`${text}\n`)),
  });
  if (isDrawn) picture = openPicture(stdout, session.outColor);
  const stop = stopOnSignal(() => {});
  // A read that nobody waits for any more would be tried again, and the process wait for it.
  const watched = { ...workspace, api: workspace.api.stoppedBy(stop.signal) };
  const since = workspace.now();
  let current: Look | undefined;
  let isInterrupted = true;
  try {
    for (let isFirst = true; ; isFirst = false) {
      current = await unlessAborted(stop.signal, () => look(watched));
      if (picture === null) {
        if (!isFirst && session.flags.json !== true) session.print('\n');
        print(session, workspace, current.status, true);
      }
      if (!(picture === null ? isMoving : isLive)(current.status)) {
        isInterrupted = false;
        return 0;
      }
      if (stdout.errored !== null) return 0; // nobody watches any more
      const seen = current;
      picture?.draw(({ columns, rows }) =>
        watchFrame(seen, { ...viewOn(session, workspace), width: columns, height: rows }).join('\n'),
      );
      await workspace.sleep(intervalMs, stop.signal);
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    return INTERRUPTED_EXIT;
  } finally {
    picture?.close();
    if (picture !== null && current !== undefined) {
      session.print(watchSummary(current, { since, isInterrupted }, currentView(session, workspace)));
    }
    stop.dispose();
    await workspace.close();
  }
}

type StatusFile = DesiredSettings & Pick<Desired, 'blocks' | 'freezes'>;

/** A mistake in a batch must not hide how the recorded ones are doing: then the file's batches are left out. */
async function readFile(session: Session): Promise<StatusFile> {
  try {
    return await loadFile(session);
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    const settings = await loadFileSettings(session).catch(() => null);
    if (settings === null) throw error;
    const [first, ...more] = error.diagnostics;
    const rest = more.length === 0 ? '' : ` (and ${more.length} more; fleetform validate shows them)`;
    const message = `only what is in the state is shown: ${first?.message ?? ''}${rest}`;
    const { errColor: color, width } = session;
    session.warn(renderDiagnostics([{ ...first!, severity: 'warning', message }], { color, width }));
    return { ...settings, blocks: [], freezes: [] };
  }
}

interface Look {
  readonly status: Status;
  readonly timeline: Timeline;
}

async function look({ desired, api, backend, now }: Workspace<StatusFile>): Promise<Look> {
  const reading = backend.read();
  const { observation, failed } = await lookAtStatus(api, { state: reading, now });
  const state = await reading;
  const { at } = observation;
  const { aliases } = desired;
  return {
    status: {
      name: desired.name,
      api: api.origin,
      ...statusOf({ desired, state, observation, now: at, failed }),
    },
    timeline: timelineOf({ changes: [], state, observation, aliases, now: at }),
  };
}

async function writePage(
  session: Session,
  { desired, timezone }: Workspace<StatusFile>,
  current: Status,
  timeline: Timeline,
  file: string,
): Promise<void> {
  const { renderStatusPage } = await import('../../render/html/page.ts');
  const { aliases } = desired;
  const links = reviewLinks(session.world.env);
  const view = { now: timeline.now, timezone, aliases, cwd: session.cwd, fleetformVersion: version, links };
  const text = () => renderStatusPage(current, timeline, view);
  await writeReports(session, [{ kind: 'page', file, text }]);
}

function isMoving({ rows }: Status): boolean {
  return rows.some((row) => row.phase === 'running' && !isAllPaused(row.counts));
}

/** What is paused goes on when somebody says so: nobody waits for that. */
function isLive({ rows }: Status): boolean {
  return rows.some(
    ({ phase, counts }) => (phase === 'running' || phase === 'scheduled') && !isAllPaused(counts),
  );
}

/** The whole of it, as a result. */
function print(
  session: Session,
  workspace: Workspace<StatusFile>,
  current: Status,
  isWatching: boolean,
): void {
  if (session.flags.json === true) {
    session.printJsonText(isWatching ? `${JSON.stringify(current)}\n` : statusToJson(current));
  } else session.print(renderStatus(current, viewOn(session, workspace)));
}

/** The window may not be what it was when the command began. */
function currentView(session: Session, workspace: Workspace<StatusFile>) {
  const { columns, rows } = session.world.stdout;
  const width = Math.max(20, columns || session.width);
  return { ...viewOn(session, workspace), width, height: Math.max(8, rows || 24) };
}

function viewOn(session: Session, { now, timezone }: Workspace<StatusFile>) {
  return { now: now(), color: session.outColor, width: session.width, mayCut: session.mayCut, timezone };
}
