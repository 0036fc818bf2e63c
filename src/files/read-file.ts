/**
 * One way to read files that somebody else may have put there: regular ones, of a bounded size, and none that a link
 * leads out of its bounds to. What a pull request brings is data of its author, its links as well as its text.
 */
import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { RefusedFile, textIn } from './text.ts';

export interface ReadBounds {
  /** Bytes. A larger file is read no further. */
  readonly largest: number;
  /** Folders that the file has to be in once all links are followed; none given: anywhere. */
  readonly within?: string;
  /** Also what is no file on a disk: a pipe, a device. Only for what a person has named. */
  readonly isAnyKind?: boolean;
}

export interface ReadBytes {
  /** At most `largest` of them. */
  readonly bytes: Buffer;
  /** There is more. */
  readonly isCut: boolean;
}

/** Throws a `RefusedFile`, or Node's own error. */
export function readBounded(path: string, bounds: ReadBounds): ReadBytes {
  const real = bounds.within === undefined ? path : checkedPlace(path, bounds.within);
  // Opening a pipe to which nobody writes would wait for ever.
  const flags = bounds.isAnyKind === true ? constants.O_RDONLY : constants.O_RDONLY | constants.O_NONBLOCK;
  const file = openSync(real, flags);
  try {
    const status = fstatSync(file);
    if (status.isDirectory()) throw new RefusedFile('is a folder');
    if (bounds.isAnyKind !== true && !status.isFile()) throw new RefusedFile('is not a regular file');
    return readUpTo(file, bounds.largest, status.size);
  } finally {
    closeSync(file);
  }
}

function checkedPlace(path: string, within: string): string {
  const real = realpathSync(path);
  const root = realpathSync(within);
  if (!isInside(real, root)) throw new RefusedFile(`is a link to something outside ${within}`);
  return real;
}

/** Both with all links followed. */
export function isInside(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** Bytes: a plan of 10,000 changes has some 20 MB, a state of as many addresses 10 MB. */
export const LARGEST = 256 * 1024 * 1024;

/** The text of a record that fleetform keeps itself. Throws a `RefusedFile`, or Node's own error. */
export function readKept(path: string): string {
  const { bytes, isCut } = readBounded(path, { largest: LARGEST, within: dirname(path) });
  if (isCut) throw new RefusedFile('has more than 256 MB');
  return textIn(bytes);
}

/** What a file says of its size need not be so (`/proc`), and it may grow. */
function readUpTo(file: number, largest: number, size: number): ReadBytes {
  const parts: Buffer[] = [];
  let left = largest + 1;
  while (left > 0) {
    const part = Buffer.allocUnsafe(Math.min(left, Math.max(size + 1, 65_536)));
    const count = readSync(file, part, 0, part.length, null);
    if (count === 0) break;
    parts.push(part.subarray(0, count));
    left -= count;
  }
  const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  return left > 0 ? { bytes, isCut: false } : { bytes: bytes.subarray(0, largest), isCut: true };
}
