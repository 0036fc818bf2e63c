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

interface Write {
  readonly chunk: string | Uint8Array;
  readonly encoding: BufferEncoding | undefined;
  readonly done: Done | undefined;
}

/** What one of them has been given while the other was not through, in a row. */
interface Run {
  readonly stream: Stream;
  readonly writes: Write[];
}

interface Queue {
  write(stream: Stream, write: Write): boolean;
  /** What neither of them is through with. */
  length(): number;
  /** Was it told to wait for `drain`? */
  isFull(stream: Stream): boolean;
}

/** Each begins when the other is through; the order within each is Node's. */
export function inTurn({ stdout, stderr }: Outputs): Outputs {
  const runs: Run[] = [];
  const full = new Set<Stream>();
  let kept = 0;
  const mayWrite = (stream: Stream) => {
    const other = stream === stdout ? stderr : stdout;
    return other.writableLength === 0 || other.destroyed;
  };
  const send = (stream: Stream, { chunk, encoding, done }: Write) => {
    const after: Done = (error) => {
      done?.(error);
      goOn();
    };
    return encoding === undefined ? stream.write(chunk, after) : stream.write(chunk, encoding, after);
  };
  const goOn = () => {
    while (runs[0] !== undefined && mayWrite(runs[0].stream)) {
      const { stream, writes } = runs.shift()!;
      let hasRoom = true;
      for (const write of writes) {
        kept -= write.chunk.length;
        hasRoom = send(stream, write);
      }
      if (hasRoom) drain(stream);
    }
  };
  /** Where the stream itself is full, it says so itself when it is not any more. */
  const drain = (stream: Stream) => {
    if (runs.some((run) => run.stream === stream) || !full.delete(stream) || stream.destroyed) return;
    stream.emit('drain');
  };
  for (const stream of [stdout, stderr]) stream.on('drain', () => full.delete(stream));
  const queue: Queue = {
    write(stream, write) {
      if (runs.length === 0 && mayWrite(stream)) return send(stream, write);
      kept += write.chunk.length;
      full.add(stream);
      const last = runs.at(-1);
      if (last?.stream === stream) last.writes.push(write);
      else runs.push({ stream, writes: [write] });
      return false;
    },
    length: () => stdout.writableLength + stderr.writableLength + kept,
    isFull: (stream) => full.has(stream) || stream.writableNeedDrain,
  };
  return { stdout: withQueue(stdout, queue), stderr: withQueue(stderr, queue) };
}

/** The same stream for whoever uses it as one, also in a chain of calls. */
function withQueue(stream: Stream, queue: Queue): Stream {
  const put = (chunk: string | Uint8Array, ...rest: unknown[]) =>
    queue.write(stream, {
      chunk,
      encoding: rest.find((one): one is BufferEncoding => typeof one === 'string'),
      done: rest.find((one): one is Done => typeof one === 'function'),
    });
  const outer: Stream = new Proxy(stream, {
    get(target, name) {
      if (name === 'write') return put;
      if (name === 'end') return end;
      if (name === 'writableLength') return queue.length();
      if (name === 'writableNeedDrain') return queue.isFull(stream);
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        const result: unknown = value.apply(target, args);
        return result === target ? outer : result;
      };
    },
  });
  /** Behind all that was written before. */
  const end = (...args: unknown[]) => {
    const done = args.find((one): one is Done => typeof one === 'function');
    const hasChunk = args.length > 0 && typeof args[0] !== 'function' && args[0] != null;
    const [chunk, ...rest] = hasChunk ? (args as [string | Uint8Array, ...unknown[]]) : [''];
    put(chunk, ...rest.filter((one) => one !== done), () => stream.end(done));
    return outer;
  };
  return outer;
}
