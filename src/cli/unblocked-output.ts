/**
 * stdout and stderr as the commands have them. Node's own writes to a terminal wait for it: while it is stopped (Ctrl-S,
 * a window that is dragged, a slow line) the whole process would stand still, with its deadlines and its lock's signs of
 * life.
 *
 * Invariant: no write waits for a reader. What is not read yet is kept, and comes out in the order in which it was
 * written, also where stdout and stderr are one terminal or one pipe; the process ends when all is out, or nobody reads
 * any more. Whoever draws over what was there asks `writableLength` first, and leaves a picture out while it is not 0.
 */
import { fstatSync } from 'node:fs';

type Stream = NodeJS.WriteStream;
type Done = (error?: Error | null) => void;

export interface Outputs {
  readonly stdout: Stream;
  readonly stderr: Stream;
}

export function unblockedOutputs({ stdout, stderr }: Outputs): Outputs {
  for (const stream of [stdout, stderr]) unblock(stream);
  return isOneFile(1, 2) ? inTurn({ stdout, stderr }) : { stdout, stderr };
}

/** Pipes do not wait as Node opens them, and files do not keep anybody waiting. */
function unblock(stream: Stream): void {
  if (!stream.isTTY || process.platform === 'win32') return;
  const { _handle } = stream as { _handle?: { setBlocking?(isBlocking: boolean): unknown } };
  _handle?.setBlocking?.(false);
}

function isOneFile(one: number, other: number): boolean {
  try {
    const [a, b] = [fstatSync(one), fstatSync(other)];
    return a.dev === b.dev && a.ino === b.ino;
  } catch {
    return false;
  }
}

/** What one of them has been given while the other was not through, in a row. */
interface Run {
  readonly stream: Stream;
  readonly writes: [chunk: string | Uint8Array, done: Done | undefined][];
}

/** Each begins when the other is through; the order within each is Node's. */
export function inTurn({ stdout, stderr }: Outputs): Outputs {
  const runs: Run[] = [];
  let kept = 0;
  const mayWrite = (stream: Stream) => {
    const other = stream === stdout ? stderr : stdout;
    return other.writableLength === 0 || other.destroyed;
  };
  const send = (stream: Stream, chunk: string | Uint8Array, done?: Done) =>
    stream.write(chunk, (error) => {
      done?.(error);
      goOn();
    });
  const goOn = () => {
    while (runs[0] !== undefined && mayWrite(runs[0].stream)) {
      const { stream, writes } = runs.shift()!;
      for (const [chunk, done] of writes) {
        kept -= chunk.length;
        send(stream, chunk, done);
      }
    }
  };
  const write = (stream: Stream, chunk: string | Uint8Array, done?: Done) => {
    if (runs.length === 0 && mayWrite(stream)) return send(stream, chunk, done);
    kept += chunk.length;
    const last = runs.at(-1);
    if (last?.stream === stream) last.writes.push([chunk, done]);
    else runs.push({ stream, writes: [[chunk, done]] });
    return false;
  };
  const length = () => stdout.writableLength + stderr.writableLength + kept;
  return { stdout: withQueue(stdout, write, length), stderr: withQueue(stderr, write, length) };
}

function withQueue(
  stream: Stream,
  write: (stream: Stream, chunk: string | Uint8Array, done?: Done) => boolean,
  length: () => number,
): Stream {
  const ownWrite = (chunk: string | Uint8Array, ...rest: unknown[]) =>
    write(
      stream,
      chunk,
      rest.find((one): one is Done => typeof one === 'function'),
    );
  return new Proxy(stream, {
    get(target, name) {
      if (name === 'write') return ownWrite;
      if (name === 'writableLength') return length();
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
