/**
 * The names in a repository's index, read without git: to run git in a folder that somebody else has filled is to obey
 * the settings that lie there. Format: https://git-scm.com/docs/index-format, versions 2 to 4.
 */
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What is no index that can be read. */
export class UnreadableIndex extends Error {
  override readonly name = 'UnreadableIndex';
}

/**
 * Each file's name, from the root on, with `/`; a folder that is there as a whole (a sparse index) ends in one.
 * `root`: the folder that holds `.git`. Throws an `UnreadableIndex`.
 */
export function* namesInIndex(root: string): Generator<string> {
  const place = gitFolder(root);
  const hashBytes = hashBytesOf(place);
  const { names, base } = parse(bytesOf(join(place, 'index')), hashBytes);
  yield* names;
  if (base !== null) yield* parse(bytesOf(join(place, `sharedindex.${base}`)), hashBytes).names;
}

/** `.git` is a folder, or, in a worktree or a submodule, a file that names one. */
function gitFolder(root: string): string {
  const git = join(root, '.git');
  try {
    if (statSync(git).isDirectory()) return git;
    const [, named] = /^gitdir: (.+)\n?$/.exec(readFileSync(git, 'utf8')) ?? [];
    if (named !== undefined) return resolve(root, named);
  } catch {}
  throw new UnreadableIndex(`${git} is neither a folder nor the name of one`);
}

function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    // Nothing was ever added.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return EMPTY;
    throw new UnreadableIndex(`${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

const EMPTY = Buffer.from('DIRC\0\0\0\x02\0\0\0\0', 'latin1');

/** 20, or 32 in a repository of SHA-256. */
function hashBytesOf(place: string): number {
  const common = textOf(join(place, 'commondir')).trim();
  const config = textOf(join(resolve(place, common), 'config'));
  return /^\s*objectformat\s*=\s*"?sha256/im.test(config) ? 32 : 20;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

interface Index {
  readonly names: string[];
  /** Of a split index, the hash of the one that it adds to; null: it is whole. */
  readonly base: string | null;
}

/** Before the hash of an entry. */
const STAT_BYTES = 40;
const EXTENDED = 0x40_00;

function parse(bytes: Buffer, hashBytes: number): Index {
  try {
    return entriesOf(bytes, hashBytes);
  } catch (error) {
    if (error instanceof UnreadableIndex) throw error;
    throw new UnreadableIndex('the index ends too early');
  }
}

function entriesOf(bytes: Buffer, hashBytes: number): Index {
  const version = bytes.readUInt32BE(4);
  if (bytes.toString('latin1', 0, 4) !== 'DIRC' || version < 2 || version > 4) {
    throw new UnreadableIndex('it is not an index of a known version');
  }
  const names: string[] = [];
  let at = 12;
  let before = Buffer.alloc(0);
  for (let left = bytes.readUInt32BE(8); left > 0; left -= 1) {
    const start = at;
    const flags = bytes.readUInt16BE(at + STAT_BYTES + hashBytes);
    at += STAT_BYTES + hashBytes + 2 + (version > 2 && (flags & EXTENDED) !== 0 ? 2 : 0);
    let kept = before.subarray(0, 0);
    if (version === 4) {
      const removed = readOffset(bytes, at);
      at = removed.end;
      if (removed.value > before.length) throw new UnreadableIndex('a name in it has no beginning');
      kept = before.subarray(0, before.length - removed.value);
    }
    const end = bytes.indexOf(0, at);
    if (end === -1) throw new UnreadableIndex('a name in it has no end');
    before = Buffer.concat([kept, bytes.subarray(at, end)]);
    names.push(before.toString('utf8'));
    // Up to eight zeros, so that the next one begins at a multiple of eight.
    at = version === 4 ? end + 1 : start + (Math.floor((end - start) / 8) + 1) * 8;
  }
  return { names, base: baseOf(bytes, at, hashBytes) };
}

/** As git writes the distance to an object in a pack. */
function readOffset(bytes: Buffer, from: number): { readonly value: number; readonly end: number } {
  let at = from;
  let byte = bytes.readUInt8(at++);
  let value = byte & 0x7f;
  while ((byte & 0x80) !== 0) {
    byte = bytes.readUInt8(at++);
    value = (value + 1) * 128 + (byte & 0x7f);
  }
  return { value, end: at };
}

/** Behind the entries: extensions, each with a name and a length, and the hash of all. */
function baseOf(bytes: Buffer, from: number, hashBytes: number): string | null {
  for (let at = from; at + 8 <= bytes.length - hashBytes; at += 8 + bytes.readUInt32BE(at + 4)) {
    if (bytes.toString('latin1', at, at + 4) === 'link') {
      const base = bytes.toString('hex', at + 8, at + 8 + hashBytes);
      return /^0+$/.test(base) ? null : base;
    }
  }
  return null;
}
