/** A desired state → the client of its API, and the backend of its state. */
import { randomUUID } from 'node:crypto';
import { createClient } from '../api/client.ts';
import type { HttpTransport } from '../api/http.ts';
import { readToken, resolveOrigin } from '../api/origin.ts';
import { DEFAULT_PARALLELISM } from '../api/pace.ts';
import type { FleetApi, Transport } from '../api/port.ts';
import type { Sleep } from '../api/waiting.ts';
import { refuseForeign } from '../files/private-folder.ts';
import { refuseTracked } from '../files/tracked.ts';
import type { Desired, DesiredSettings } from '../model/desired.ts';
import { FleetformError } from '../model/errors.ts';
import { createRedactor, type Redact, redactJson } from '../model/redactor.ts';
import { safeJson, safeText } from '../model/safe-text.ts';
import type { StateBackend } from '../state/backend.ts';
import { stateFolder } from '../state/backends/local.ts';
import { openState } from '../state/open.ts';
import { version } from '../version.ts';
import { apiNotices } from './api-notices.ts';
import { type EarlyTransport, openEarly } from './early-transport.ts';
import { statePlaceOf } from './open-state.ts';
import type { Session } from './session.ts';
import { beforeAnything } from './signals.ts';
import { sleep } from './sleep.ts';

export interface Workspace<D extends DesiredSettings = Desired> {
  readonly desired: D;
  readonly api: FleetApi;
  readonly backend: StateBackend;
  /** The zone that times are shown in. */
  readonly timezone: string;
  /** Unix seconds, by the clock of the API where that is a sandbox. */
  readonly now: () => number;
  readonly sleep: Sleep;
  readonly newId: () => string;
  close(): Promise<void>;
}

export interface WorkspaceOptions {
  /** Requests in flight at most; default `DEFAULT_PARALLELISM`. */
  readonly parallelism?: number;
  /** Takes a line on what the API keeps one waiting for; default: it goes to stderr. */
  readonly onWait?: (text: string) => void;
}

/**
 * `load`: `loadFile`, or `loadFileSettings` where the batches don't matter. What can be done for the first requests is
 * done meanwhile; nothing is sent before the file is known to be valid.
 */
export async function openWorkspace<D extends DesiredSettings>(
  session: Session,
  load: () => Promise<D>,
  options: WorkspaceOptions = {},
): Promise<Workspace<D>> {
  const early = openEarly(session, parallelismOf(options));
  try {
    return await openLoaded(session, await load(), options, early);
  } catch (error) {
    (await early)?.transport.close();
    throw error;
  }
}

async function openLoaded<D extends DesiredSettings>(
  session: Session,
  desired: D,
  options: WorkspaceOptions,
  early: Promise<EarlyTransport | null>,
): Promise<Workspace<D>> {
  const { api, now, close } = await openApi(session, desired, options, early);
  const place = statePlaceOf(session, desired, api.origin);
  const backend = await openState(options.onWait === undefined ? place : { ...place, tell: options.onWait });
  return {
    desired,
    api,
    backend,
    timezone: desired.timezone ?? session.localZone,
    now,
    sleep,
    newId: randomUUID,
    async close() {
      close();
      await backend.close();
    },
  };
}

function parallelismOf({ parallelism = DEFAULT_PARALLELISM }: WorkspaceOptions): number {
  return parallelism;
}

/** Throws `state.tracked`. */
export async function sandboxFolder(desired: DesiredSettings): Promise<string> {
  const folder = stateFolder(desired.root);
  refuseTracked(folder);
  refuseForeign(folder);
  return folder;
}

async function openApi(
  session: Session,
  desired: DesiredSettings,
  options: WorkspaceOptions,
  early: Promise<EarlyTransport | null>,
): Promise<{ api: FleetApi; now: () => number; close: () => void }> {
  const { env } = session.world;
  const token = await beforeAnything(() => readToken(env));
  session.redactor.know(token);
  const { origin, kind } = resolveOrigin({
    ...(session.flags.apiUrl === undefined ? {} : { flag: session.flags.apiUrl }),
    env,
    file: desired.api,
    hasToken: token !== null,
  });
  if (kind === 'sandbox') {
    const { openSandbox } = await import('../sandbox/embedded.ts');
    const sandbox = await openSandbox(await sandboxFolder(desired));
    return {
      api: client(
        session,
        sandbox.transport,
        origin,
        null,
        options,
        () => sandbox.now() * 1000 + (Date.now() % 1000),
      ),
      now: sandbox.now,
      close: () => {},
    };
  }
  if (token === null) {
    throw new FleetformError('api.no-token', `no key for ${origin}`, {
      hint:
        'Set FLEETFORM_TOKEN, or FLEETFORM_TOKEN_FILE to a file that holds it. ' +
        'To try fleetform without one, use the embedded sandbox: `api: sandbox`.',
    });
  }
  refuseKeyIn(desired, createRedactor([token]).redact);
  const transport = await httpTransport(origin, session, options, early);
  return {
    api: client(session, transport, origin, token, options),
    now: () => Math.floor(Date.now() / 1000),
    close: () => transport.close(),
  };
}

async function httpTransport(
  origin: string,
  { world: { env } }: Session,
  options: WorkspaceOptions,
  early: Promise<EarlyTransport | null>,
): Promise<HttpTransport> {
  const opened = await early;
  if (opened?.origin === origin) return opened.transport;
  opened?.transport.close();
  const { createHttpTransport } = await import('../api/http.ts');
  return createHttpTransport({ baseUrl: origin, env, connections: parallelismOf(options) });
}

/**
 * What a batch says goes to the API, and into the state: the state cannot leave it out without being another one.
 * Throws `api.key-in-file`.
 */
function refuseKeyIn(desired: DesiredSettings & Partial<Pick<Desired, 'blocks'>>, redact: Redact): void {
  const holder = desired.blocks?.find(({ at, templateAt, paramsAt, ...said }) => {
    const text = JSON.stringify(said);
    return redactJson(text, redact) !== text;
  });
  if (holder === undefined) return;
  throw new FleetformError(
    'api.key-in-file',
    `batch "${redact(safeText(holder.address, 200))}" contains the API key: anyone who can see its tasks would see the key`,
    {
      hint: 'Remove it from the file (and from the --var or variable that it comes from). If it was committed, replace the key.',
    },
  );
}

function client(
  session: Session,
  transport: Transport,
  origin: string,
  token: string | null,
  options: WorkspaceOptions,
  clock: () => number = Date.now,
): FleetApi {
  const elapsed = () => performance.now();
  const notice = apiNotices(origin, elapsed, options.onWait ?? ((text) => session.remark(`${text}\n`)));
  return createClient({
    transport,
    origin,
    token,
    parallelism: parallelismOf(options),
    userAgent: `fleetform/${version}`,
    random: Math.random,
    clock,
    elapsed,
    redact: session.redactor.redact,
    sleep,
    onEvent(event) {
      if (session.isDebug) session.remark(safeJson(`${JSON.stringify(event)}\n`));
      else notice(event);
    },
  });
}
