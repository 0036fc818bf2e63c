/**
 * The system's git, as a program: libraries know neither credential helpers nor a checkout's own settings.
 *
 * Invariants: it asks nothing on a terminal; it runs in a group of its own, so that a Ctrl-C which is meant for us does
 * not cut off a push in flight; its answers are bounded, and it comes to an end.
 */
import { spawn } from 'node:child_process';
import type { Env } from '../../../lock/holder.ts';
import { FleetformError } from '../../../model/errors.ts';
import { safeText } from '../../../model/safe-text.ts';

export type { Env };

export interface GitRun {
  readonly cwd: string;
  readonly env: Env;
  /** Milliseconds. */
  readonly timeoutMs: number;
  /** Any of them ends it. */
  readonly signals?: readonly AbortSignal[];
  /** On its stdin. */
  readonly input?: string | Buffer;
}

export interface GitResult {
  /** null: it was ended by us, after the time was up. */
  readonly code: number | null;
  readonly stdout: Buffer;
  /** Foreign text. */
  readonly stderr: string;
}

/** Bytes. A state of 10,000 addresses has some 6 MB. */
const LARGEST_ANSWER = 256 * 1024 * 1024;
const LONGEST_STDERR = 64 * 1024;
/** Milliseconds between its end and that of its output. */
const GRACE_MS = 2000;

/** What still runs when this process ends: it would go on by itself, in its own group. */
const running = new Set<() => void>();
process.on('exit', () => {
  for (const end of running) end();
});

/** With all that it has started: ssh, helpers of credentials. */
function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {}
}

/** Throws `state.no-git` where there is none; whatever it answers, its exit code is for the caller to judge. */
export function runGit(
  args: readonly string[],
  { cwd, env, timeoutMs, input, signals = [] }: GitRun,
): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, { cwd, env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    let size = 0;
    let stderr = '';
    let isTooLarge = false;
    const end = () => endGroup(child.pid);
    running.add(end);
    const timer = setTimeout(end, timeoutMs);
    child.on('error', (cause) => {
      clearTimeout(timer);
      running.delete(end);
      reject(noGit(cause, cwd));
    });
    child.stdout.on('data', (part: Buffer) => {
      size += part.length;
      isTooLarge = size > LARGEST_ANSWER;
      if (isTooLarge) end();
      else out.push(part);
    });
    child.stderr.on('data', (part: Buffer) => {
      if (stderr.length < LONGEST_STDERR) stderr += part.toString('utf8');
    });
    // It may have ended before it has read everything.
    child.stdin.on('error', () => {});
    const settle = (code: number | null) => {
      clearTimeout(timer);
      running.delete(end);
      for (const signal of signals) signal.removeEventListener('abort', end);
      resolve({
        code,
        stdout: Buffer.concat(out),
        stderr: isTooLarge ? 'fatal: its answer is too large' : stderr,
      });
    };
    child.on('close', settle);
    // Whoever it has left behind may hold the other end of a pipe.
    child.on('exit', (code) => setTimeout(settle, GRACE_MS, code).unref());
    for (const signal of signals) {
      if (signal.aborted) end();
      else signal.addEventListener('abort', end, { once: true });
    }
    child.stdin.end(input ?? '');
  });
}

/** What it says last, for the end of a sentence. */
export function reasonOf({ code, stderr }: GitResult, timeoutMs: number): string {
  if (code === null) return `git did not end within ${Math.round(timeoutMs / 1000)} s`;
  const lines = stderr
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(hint|warning):/.test(line));
  // What ssh says has no mark of its own, and stands before what git makes of it.
  const text = lines.slice(0, 4).join('; ');
  if (text === '') return `git ended with the exit code ${code}`;
  return safeText(withoutUserinfo(text.replaceAll(/fatal: /g, '')), 400);
}

/** Whatever is known as a credential: what stands between `//` and `@` is not shown. */
function withoutUserinfo(text: string): string {
  return text.replace(/\/\/[^/@\s]*@/g, '//');
}

function noGit(cause: Error, cwd: string): FleetformError {
  const { code } = cause as NodeJS.ErrnoException;
  return new FleetformError(
    'state.no-git',
    `git cannot be run in ${safeText(cwd)} (${code ?? cause.message})`,
    {
      hint: 'The backend git uses the git program: install it, or put its folder into PATH.',
      cause,
    },
  );
}
