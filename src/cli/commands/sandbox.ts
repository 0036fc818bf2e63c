/** `fleetform sandbox serve|advance|reset`: the embedded API of the file in this folder. */
import { join, relative } from 'node:path';
import { parseDuration } from '../../desired/duration.ts';
import type { DesiredSettings } from '../../model/desired.ts';
import { FleetformError } from '../../model/errors.ts';
import { ownedBatches } from '../../model/recorded.ts';
import { shellText, someBatchesText } from '../../model/words.ts';
import { formatDuration, formatTime } from '../../render/time.ts';
import { advanceSandbox, demoWorld, openSandbox, resetSandbox } from '../../sandbox/embedded.ts';
import { statesIn } from '../../state/backends/local.ts';
import { loadFileSettings } from '../load-file.ts';
import { type Session, usageError } from '../session.ts';
import { stopOnSignal } from '../signals.ts';
import { sandboxFolder } from '../workspace.ts';

export interface ServeFlags {
  readonly host: string;
  readonly port: number;
}

export async function serve(session: Session, { host, port }: ServeFlags): Promise<number> {
  const { serveSandbox } = await import('../../sandbox/server.ts');
  const folder = await sandboxFolder(await loadFileSettings(session));
  // Over HTTP a key is asked for, as the real API does; any one will do.
  // What cannot be kept is told now, and not in the answer to some first request.
  await advanceSandbox(folder, 0);
  const { transport } = openSandbox(folder, { token: undefined });
  const never = new AbortController().signal;
  const server = await listen(() =>
    serveSandbox({ answer: (request) => transport(request, never), host, port }),
  );
  if (session.flags.json === true) session.printJson({ url: server.url });
  else {
    session.print(
      `The sandbox listens on ${server.url}. In another terminal:\n` +
        `  export FLEETFORM_API_URL=${server.url} FLEETFORM_TOKEN=any\n` +
        `  fleetform templates\nIts data is in ${folder}. Stop it with Ctrl-C.\n`,
    );
  }
  const stop = stopOnSignal(() => {});
  await new Promise<void>((resolve) =>
    stop.signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  stop.dispose();
  await server.close();
  return 0;
}

export async function advance(session: Session, by: string): Promise<number> {
  const seconds = parseDuration(by);
  if (seconds === undefined) {
    throw usageError(`"${by}" is not a duration`, 'A duration is written like 30s, 10m, 6h or 1d12h.');
  }
  const desired = await loadFileSettings(session);
  const now = await advanceSandbox(await sandboxFolder(desired), seconds);
  if (session.flags.json === true) session.printJson({ now });
  else {
    const time = formatTime(now, desired.timezone ?? session.localZone);
    session.print(`The sandbox's clock moved by ${formatDuration(seconds)}, to ${time}.\n`);
  }
  return 0;
}

export async function reset(session: Session): Promise<number> {
  const desired = await loadFileSettings(session);
  const folder = await sandboxFolder(desired);
  await resetSandbox(folder);
  const { fleets, regions, servers } = demoWorld();
  if (session.flags.json === true) session.printJson({ fleets, regions, servers: servers.length });
  else {
    const names = fleets.map((fleet) => `${fleet.name} (${fleet.id})`).join(', ');
    session.print(`The sandbox was reset. Fleets: ${names}.\n`);
  }
  session.remark(await statesLeft(session, desired, folder));
  return 0;
}

/** A state is deleted by who knows what else it says: here it is only told. Empty: none binds what is gone. */
async function statesLeft(
  session: Session,
  { name, api, state }: DesiredSettings,
  folder: string,
): Promise<string> {
  if (state.backend !== 'local') {
    if (api.kind !== 'sandbox') return '';
    return `The state of ${name} (${state.backend}) was left as it is. To start over wholly, give the file another \`name\`: each name has a state of its own.\n`;
  }
  // What is no state is an error of the next command, which says more of it.
  const states = await statesIn(folder).catch(() => []);
  return states
    .map((one) => ({ ...one, batchIds: [...ownedBatches(one)] }))
    .filter((one) => one.api === 'sandbox' && one.movedTo === undefined && one.batchIds.length > 0)
    .map((one) => {
      const file = relative(session.world.cwd, join(folder, `${one.name}.state.json`));
      return `The state of ${one.name} still binds ${someBatchesText(one.batchIds)}, of the sandbox as it was. To start over wholly, remove it, too:\n  ${shellText(['rm', file])}\n`;
    })
    .join('');
}

async function listen<T>(start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new FleetformError('sandbox.listen', `the sandbox cannot listen there (${code ?? message})`, {
      hint:
        code === 'EADDRINUSE' || code === 'EACCES'
          ? 'Choose another --port, or 0 for a free one.'
          : 'Choose a --host of this machine, such as 127.0.0.1.',
    });
  }
}
