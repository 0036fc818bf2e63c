/** fleetform as a process, in a temporary folder, with an environment of its own; and a sandbox to talk to. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ApiRequest } from '../../src/api/port.ts';
import { handle, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { emptyRecord, type SandboxRecord } from '../../src/sandbox/world.ts';
import type { Fault } from './sandbox/faults.ts';
import { type RunningServer, serveSandbox } from './sandbox/server.ts';

export const CLI = resolve('dist/cli.js');
export const KEY = 'k3y-that-nobody-may-see';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const folders: string[] = [];
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export function folder(files: Readonly<Record<string, string>> = {}): string {
  const path = mkdtempSync(join(tmpdir(), 'fleetform-cli-'));
  folders.push(path);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
}

/** Nothing of this machine's own settings comes through. */
export function environment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: tmpdir(),
    TZ: 'Europe/Amsterdam',
    // Doubt about a lost answer is waited for in real time.
    FLEETFORM_SETTLE: '2s',
    ...extra,
  };
}

export function start(args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd,
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((done) => child.on('close', (code) => done({ code, stdout, stderr })));
  return { child, ended };
}

export function fleetform(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return start(args, cwd, env).ended;
}

export interface Served {
  readonly server: RunningServer;
  readonly record: SandboxRecord;
  readonly requests: ApiRequest[];
  /** Unix seconds that the sandbox is ahead of the real clock. */
  ahead: number;
  /** The greatest number of requests that were in flight at the same time. */
  mostInFlight: number;
  readonly env: Readonly<Record<string, string>>;
  posts(): unknown[];
}

export interface ServeOptions extends SandboxOptions {
  /** How long each answer takes. */
  readonly delayMs?: number;
  readonly faultFor?: (request: ApiRequest) => Fault | undefined;
}

/** The sandbox over HTTP in this process. `close` it. */
export async function serve(options: ServeOptions = {}): Promise<Served> {
  const { delayMs = 0, faultFor, ...sandbox } = options;
  const record = emptyRecord();
  const requests: ApiRequest[] = [];
  let inFlight = 0;
  const served = { ahead: 0, mostInFlight: 0 };
  const server = await serveSandbox({
    async answer(request: ApiRequest) {
      requests.push(request);
      inFlight += 1;
      served.mostInFlight = Math.max(served.mostInFlight, inFlight);
      if (delayMs > 0) await new Promise((done) => setTimeout(done, delayMs));
      inFlight -= 1;
      return handle(request, record, Math.floor(Date.now() / 1000) + served.ahead, sandbox).response;
    },
    ...(faultFor === undefined ? {} : { faultFor }),
  });
  return Object.assign(served, {
    server,
    record,
    requests,
    env: { FLEETFORM_API_URL: server.url, FLEETFORM_TOKEN: KEY },
    posts: () => requests.filter(({ method }) => method === 'POST').map(({ body }) => JSON.parse(body ?? '')),
  });
}

/** RFC 3339, so many hours from now. */
export function inHours(hours: number): string {
  return new Date((Math.floor(Date.now() / 1000) + hours * 3600) * 1000).toISOString().replace('.000Z', 'Z');
}
