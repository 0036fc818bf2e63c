/** A temporary `.fleetform` for each test, and other processes that use it at the same time. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

export function scratchFolder(): { folder: string; file: string; remove: () => void } {
  const root = mkdtempSync(join(tmpdir(), 'fleetform-sandbox-'));
  const folder = join(root, '.fleetform');
  return { folder, file: join(folder, 'sandbox.json'), remove: () => rmSync(root, { recursive: true }) };
}

/** A script that may import from `src/`, ready to run as a process. */
export async function script(source: string, outfile: string): Promise<string> {
  await build({
    stdin: { contents: source, resolveDir: process.cwd(), loader: 'ts' },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
  });
  return outfile;
}

export function start(file: string, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Resolves with the exit code, or the signal, and what was printed. */
export function ended(child: ChildProcess): Promise<{ how: number | string | null; output: string }> {
  let output = '';
  child.stdout?.on('data', (chunk) => (output += chunk));
  return new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ how: signal ?? code, output }));
  });
}

/** Resolves at the first thing that it prints. */
export function printed(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => child.stdout?.once('data', () => resolve()));
}
