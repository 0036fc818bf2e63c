/**
 * A path to write to → what is there, links followed one by one.
 *
 * Invariant: no link is followed that another user may have planted. What another user of the machine owns leads
 * nowhere but to what is that user's own.
 */
import type { Stats } from 'node:fs';
import { lstat, readlink, stat } from 'node:fs/promises';
import { dirname, join, parse, resolve, sep } from 'node:path';
import { FleetformError } from '../model/errors.ts';
import { safeText } from '../model/safe-text.ts';
import { isClosed, isTrusted } from './owner.ts';

export interface Target {
  /** Without links, as far as there is something. */
  readonly path: string;
  /** null: nothing is there yet. */
  readonly found: Stats | null;
  /** `/dev/stdout`, `/dev/fd/N`: a file that this process has open already. */
  readonly descriptor: number | null;
  /** A file that another process has open: it has no other name. */
  readonly isOpenElsewhere: boolean;
}

/** As Linux has it. */
const MOST_LINKS = 40;

/** Throws `files.foreign`, and what the file system says but for ENOENT. */
export async function targetOf(path: string): Promise<Target> {
  const whole = resolve(path);
  let { root: at } = parse(whole);
  const waiting = namesIn(whole.slice(at.length));
  for (let links = 0; waiting.length > 0; ) {
    const name = waiting.shift()!;
    if (name === '..') {
      at = dirname(at);
      continue;
    }
    const next = join(at, name);
    const found = await lstatOrNull(next);
    if (found === null) return targetAt(join(next, ...waiting), null);
    const isLast = waiting.length === 0;
    const open = isLast ? openFile(next) : null;
    if (open !== null) {
      const isOwnFile = open.pid === null || open.pid === process.pid;
      const descriptor = isOwnFile ? open.descriptor : null;
      return { path: next, found: await stat(next), descriptor, isOpenElsewhere: !isOwnFile };
    }
    if (!found.isSymbolicLink()) {
      if (isLast) return targetAt(next, await notPlanted(next, found, at));
      at = next;
      continue;
    }
    links += 1;
    if (links > MOST_LINKS) throw Object.assign(new Error(`too many links: ${path}`), { code: 'ELOOP' });
    await checkLink(next, found, at);
    const text = await readlink(next);
    const { root } = parse(text);
    if (root !== '') at = root;
    waiting.unshift(...namesIn(text.slice(root.length)));
  }
  return targetAt(at, await lstat(at));
}

function targetAt(path: string, found: Stats | null): Target {
  return { path, found, descriptor: null, isOpenElsewhere: false };
}

function namesIn(path: string): string[] {
  return path.split(sep === '/' ? '/' : /[\\/]/).filter((name) => name !== '' && name !== '.');
}

/** See proc(5). Such a link is followed by the system alone: its text is no path. */
function openFile(path: string): { pid: number | null; descriptor: number } | null {
  const match = /^[/](?:proc[/](\d+)(?:[/]task[/]\d+)?|dev)[/]fd[/](\d+)$/.exec(path);
  if (match === null) return null;
  return { pid: match[1] === undefined ? null : Number(match[1]), descriptor: Number(match[2]) };
}

async function checkLink(path: string, link: Stats, folder: string): Promise<void> {
  if (isTrusted(link)) return;
  const place = await lstat(folder);
  if (isClosed(place)) return;
  // A container's root works in the folder of a user: what links there to that user's own files gains nobody anything.
  if (place.uid === link.uid && (place.mode & 0o002) === 0) {
    const led = await stat(path).catch(() => null);
    if (led?.uid === link.uid) return;
  }
  throw foreign(path, 'a link', link);
}

/** What is written into a pipe or a socket goes to whoever made it. */
async function notPlanted(path: string, found: Stats, folder: string): Promise<Stats> {
  if (found.isFile() || found.isDirectory() || isTrusted(found)) return found;
  if (!isClosed(await lstat(folder))) throw foreign(path, 'not a regular file', found);
  return found;
}

function foreign(path: string, what: string, { uid }: Stats): FleetformError {
  return new FleetformError(
    'files.foreign',
    `${safeText(path)} is ${what}, and belongs to another user (${uid}), who could redirect the write`,
    { hint: 'Nothing was written there. Name another file, in a folder that only you can write to.' },
  );
}

export async function lstatOrNull(path: string): Promise<Stats | null> {
  try {
    return await lstat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
