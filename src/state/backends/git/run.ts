/**
 * The system's git, as a program: libraries know neither credential helpers nor a checkout's own settings.
 *
 * Invariants: it asks nothing on a terminal; it runs in a group of its own, so that a Ctrl-C which is meant for us does
 * not cut off a push in flight; its answers are bounded, and it comes to an end.
 */
import { spawn } from 'node:child_process';
import { FleetformError } from '../../../model/errors.ts';
import { safeText } from '../../../model/safe-text.ts';

export type Env = Readonly<Record<string, string | undefined>>;

export interface GitRun {
  readonly cwd: string;
  readonly env: Env;
  /** Milliseconds. */
  readonly timeoutMs: number;
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

/** Throws `state.no-git` where there is none; whatever it answers, its exit code is for the caller to judge. */
export function runGit(args: readonly string[], { cwd, env, timeoutMs, input }: GitRun): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, { cwd, env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    let size = 0;
    let stderr = '';
    const end = () => {
      try {
        process.kill(-child.pid!, 'SIGKILL');
      } catch {}
    };
    const timer = setTimeout(end, timeoutMs);
    child.on('error', (cause) => {
      clearTimeout(timer);
      reject(noGit(cause, cwd));
    });
    child.stdout.on('data', (part: Buffer) => {
      size += part.length;
      if (size > LARGEST_ANSWER) end();
      else out.push(part);
    });
    child.stderr.on('data', (part: Buffer) => {
      if (stderr.length < LONGEST_STDERR) stderr += part.toString('utf8');
    });
    // It may have ended before it has read everything.
    child.stdin.on('error', () => {});
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, stdout: Buffer.concat(out), stderr });
    });
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
  const told = lines.filter((line) => /^(fatal|error|remote|ssh|ERROR)\b/.test(line));
  const text = (told.length > 0 ? told : lines).slice(0, 3).join('; ');
  return text === ''
    ? `git ended with the exit code ${code}`
    : safeText(text.replaceAll(/fatal: /g, ''), 400);
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
