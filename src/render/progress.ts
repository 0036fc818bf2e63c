/**
 * Progress of apply and wait on a stream that is passed in: rows that move on a terminal, plain lines elsewhere.
 *
 * Invariant: progress is never worth a failure. Nothing in here throws or rejects, whatever becomes of the stream,
 * and nothing is left running after `end()`.
 */
import { legible } from '../model/safe-text.ts';
import { plainLines } from './progress-plain.ts';
import type { Progress } from './progress-port.ts';

export interface ProgressStream {
  write(text: string): unknown;
  on?(event: 'error', listener: (error: Error) => void): unknown;
  /** Lines of the terminal. */
  readonly rows?: number | undefined;
  /** What was written and nobody has read yet. */
  readonly writableLength?: number;
}

export interface ProgressOptions {
  /** Usually stderr. */
  readonly stream: ProgressStream;
  readonly isTTY: boolean;
  /** Continuous integration: plain lines even on what calls itself a terminal. */
  readonly ci: boolean;
  readonly color: boolean;
  /** Failures only. */
  readonly quiet: boolean;
  /** Columns. */
  readonly width: number;
  /** Milliseconds, of any clock that goes on evenly. */
  readonly now: () => number;
}

export function createProgress(options: ProgressOptions): Progress {
  // A closed pipe reports itself later, by an event that would end the process if nobody listened.
  options.stream.on?.('error', () => {});
  const write = (text: string) => {
    try {
      options.stream.write(text);
    } catch {
      // There is nobody left to tell.
    }
  };
  const isMoving = options.isTTY && !options.ci && !options.quiet;
  return isMoving ? terminalProgress(options, write) : plainProgress(options, write);
}

function plainProgress(options: ProgressOptions, write: (text: string) => void): Progress {
  const linesOf = plainLines(options);
  return {
    emit: (event) => {
      for (const line of linesOf(event)) write(legible(`${line}\n`, options.color));
    },
    notice: (text, plainly) => plainly(text),
    end: async () => {},
  };
}

/** listr2 is loaded only here, where there is a terminal to move rows on; events wait until it is there. */
function terminalProgress(options: ProgressOptions, write: (text: string) => void): Progress {
  const early: ((progress: Progress) => void)[] = [];
  let target: Progress | undefined;
  const loaded = import('./progress-terminal.ts')
    .then(({ startRows }) =>
      startRows({
        write,
        isBehind: () => (options.stream.writableLength ?? 0) > 0,
        color: options.color,
        width: options.width,
        height: options.stream.rows ?? 24,
      }),
    )
    .catch(() => plainProgress(options, write))
    .then((progress) => {
      target = progress;
      for (const call of early) call(progress);
      return progress;
    });
  const tell = (call: (progress: Progress) => void) => {
    if (target === undefined) early.push(call);
    else call(target);
  };
  return {
    emit: (event) => tell((progress) => progress.emit(event)),
    notice: (text, plainly) => tell((progress) => progress.notice(text, plainly)),
    end: async () => (await loaded).end(),
  };
}
