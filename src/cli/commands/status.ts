/** `fleetform status`: where the batches stand; with --watch, again and again until nothing is running. */

import { isAllPaused } from '../../model/batch-phase.ts';
import type { Desired, DesiredSettings } from '../../model/desired.ts';
import { DiagnosticsError } from '../../model/errors.ts';
import type { Id } from '../../model/ids.ts';
import type { Task } from '../../model/observed.ts';
import type { Timeline } from '../../model/timeline.ts';
import { found } from '../../observe/found.ts';
import { LONGEST_LOOK, observeBound } from '../../observe/observe.ts';
import { statusOf } from '../../observe/status.ts';
import { timelineOf } from '../../plan/review/timeline.ts';
import { renderDiagnostics } from '../../render/diagnostics.ts';
import { renderStatus, type Status, statusToJson } from '../../render/status.ts';
import { checkBelongs } from '../../state/belongs.ts';
import { version } from '../../version.ts';
import { refuseOverwriting, stdoutFlag, writeOutput } from '../output-file.ts';
import { type Session, usageError } from '../session.ts';
import { INTERRUPTED_EXIT, stopOnSignal } from '../signals.ts';
import { loadFile, loadFileSettings, openWorkspace, type Workspace } from '../workspace.ts';

export interface StatusFlags {
  readonly watch?: boolean;
  /** Seconds between one look and the next. */
  readonly interval?: number;
  readonly html?: string;
}

export async function status(session: Session, flags: StatusFlags): Promise<number> {
  const outputs = { '--html': flags.html };
  const onStdout = stdoutFlag(session, outputs);
  if (flags.html !== undefined && flags.watch === true) {
    throw usageError('--html is one look; it cannot be combined with --watch');
  }
  const workspace = await openWorkspace(session, await readFile(session));
  const stop = flags.watch === true ? stopOnSignal(() => {}) : undefined;
  const intervalMs = (flags.interval ?? 2) * 1000;
  try {
    await refuseOverwriting(session, workspace.desired, outputs);
    for (let shown: number | null = null; ; ) {
      const { status: current, timeline } = await look(workspace);
      if (flags.html !== undefined) await writePage(session, workspace, current, timeline, flags.html);
      if (onStdout !== undefined) return 0;
      shown = show(session, workspace, current, stop !== undefined, shown);
      if (
        stop === undefined ||
        !current.rows.some((row) => row.phase === 'running' && !isAllPaused(row.counts))
      )
        return 0;
      if (session.world.stdout.errored !== null) return 0; // nobody watches any more
      await pause(workspace, intervalMs, stop.signal);
      if (stop.signal.aborted) return INTERRUPTED_EXIT;
    }
  } finally {
    stop?.dispose();
    workspace.close();
  }
}

type StatusFile = DesiredSettings & Pick<Desired, 'batches'>;

/** A mistake in a batch must not hide how the recorded ones are doing: then the file's batches are left out. */
async function readFile(session: Session): Promise<StatusFile> {
  try {
    return await loadFile(session);
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    const settings = await loadFileSettings(session).catch(() => null);
    if (settings === null) throw error;
    const [first, ...more] = error.diagnostics;
    const rest = more.length === 0 ? '' : ` (and ${more.length} more; fleetform validate tells them)`;
    const message = `only what the state knows is shown: ${first?.message ?? ''}${rest}`;
    const { errColor: color, width } = session;
    session.warn(renderDiagnostics([{ ...first!, severity: 'warning', message }], { color, width }));
    return { ...settings, batches: [] };
  }
}

interface Look {
  readonly status: Status;
  readonly timeline: Timeline;
}

async function look({ desired, api: client, backend, now }: Workspace<StatusFile>): Promise<Look> {
  const api = client.within(LONGEST_LOOK);
  const state = await backend.read();
  checkBelongs(state, { name: desired.name, api: api.origin }, backend.location);
  const observation = await observeBound(api, { state, now });
  const { at } = observation;
  const failed = new Map<Id, Task[]>();
  await Promise.all(
    observation.batches
      .filter((batch) => batch.numTasksFailed > 0 && isOwned(batch.id))
      .map(async (batch) => {
        const tasks = await Promise.all(batch.taskIds.map((id) => found(api.getTask(id))));
        failed.set(
          batch.id,
          tasks.filter((task) => task !== null).filter((task) => task.phase === 'failed'),
        );
      }),
  );
  function isOwned(id: Id): boolean {
    return Object.values(state?.entries ?? {}).some((entry) => entry.batchIds.includes(id));
  }
  return {
    status: {
      name: desired.name,
      api: api.origin,
      ...statusOf({ desired, state, observation, now: at, failed }),
    },
    timeline: timelineOf({ changes: [], state, observation, aliases: desired.aliases, now: at }),
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
  const view = { timezone, aliases: desired.aliases, cwd: session.cwd, fleetformVersion: version };
  await writeOutput(session, file, renderStatusPage(current, timeline, { ...view, now: timeline.now }));
}

/** Returns how many lines it drew; `previous` is that of the last picture. */
function show(
  session: Session,
  workspace: Workspace<StatusFile>,
  current: Status,
  isWatching: boolean,
  previous: number | null,
): number {
  if (session.flags.json === true) {
    session.printJsonText(isWatching ? `${JSON.stringify(current)}\n` : statusToJson(current));
    return 0;
  }
  const text = renderStatus(current, {
    now: workspace.now(),
    color: session.outColor,
    width: session.width,
    timezone: workspace.timezone,
  });
  const { isTTY, rows } = session.world.stdout;
  const lines = text.split('\n').length - 1;
  const canRedraw = Boolean(isTTY) && previous !== null && previous < rows;
  // Up to where the last picture began, and clear from there: what stood above stays.
  if (canRedraw) session.world.stdout.write(`\u001b[${previous}A\u001b[J`);
  session.print(previous === null || canRedraw ? text : `\n${text}`);
  return lines;
}

async function pause(workspace: Workspace<StatusFile>, ms: number, stop: AbortSignal): Promise<void> {
  const woken = new Promise<void>((resolve) => {
    stop.addEventListener('abort', () => resolve(), { once: true });
  });
  await Promise.race([workspace.sleep(ms), woken]);
}
