/**
 * What the ref holds: a commit whose tree is the state and, while somebody works on it, the lock.
 *
 * Invariants: one ref holds both, so that they cannot disagree, and one compare-and-swap changes both. All that one
 * holder of the lock writes is one commit in the end: each write takes the place of the one before, and the parent of
 * all of them is what was there when the lock was taken. So the history of the ref is one commit for each apply.
 */
import type { Scratch } from './scratch.ts';

export const STATE_FILE = 'state.json';
export const LOCK_FILE = 'lock.json';

export interface Tip {
  readonly commit: string;
  /** What it was made on; null: nothing. */
  readonly parent: string | null;
  /** What was said of it, without its subject. */
  readonly message: string;
  /** The ids of the two files' contents; null: there is none. */
  readonly stateBlob: string | null;
  readonly lockBlob: string | null;
}

/** Of a commit that the scratch repository has. */
export async function tipAt(scratch: Scratch, commit: string): Promise<Tip> {
  const [about, tree] = await Promise.all([
    scratch.local(['cat-file', 'commit', commit]),
    scratch.local(['ls-tree', '-z', commit]),
  ]);
  const [headers = '', ...body] = about.toString('utf8').split('\n\n');
  return {
    commit,
    parent: /^parent ([0-9a-f]+)$/m.exec(headers)?.[1] ?? null,
    message: body.join('\n\n'),
    stateBlob: blobOf(tree, STATE_FILE),
    lockBlob: blobOf(tree, LOCK_FILE),
  };
}

/** `MODE blob ID TAB NAME NUL`, see git-ls-tree(1). */
function blobOf(tree: Buffer, name: string): string | null {
  for (const line of tree.toString('utf8').split('\0')) {
    const [about = '', path] = line.split('\t');
    const [, type, id] = about.split(' ');
    if (path === name && type === 'blob' && id !== undefined) return id;
  }
  return null;
}

export async function textOf(scratch: Scratch, blob: string): Promise<string> {
  return (await scratch.local(['cat-file', 'blob', blob])).toString('utf8');
}

export async function blobWith(scratch: Scratch, text: string): Promise<string> {
  return (await scratch.local(['hash-object', '-w', '--stdin'], { input: text })).toString('utf8').trim();
}

export interface Draft {
  readonly parent: string | null;
  readonly message: string;
  readonly stateBlob: string | null;
  readonly lockBlob: string | null;
  /** Who is told as its author. */
  readonly who: string;
}

export async function commitWith(
  scratch: Scratch,
  { parent, message, stateBlob, lockBlob, who }: Draft,
): Promise<Tip> {
  const files = [
    [LOCK_FILE, lockBlob],
    [STATE_FILE, stateBlob],
  ].filter(([, blob]) => blob !== null);
  const input = files.map(([name, blob]) => `100644 blob ${blob}\t${name}\n`).join('');
  const tree = (await scratch.local(['mktree'], { input })).toString('utf8').trim();
  // Characters that would end or break the line of a commit's author.
  const name = who.replace(/[<>\n\0]/g, ' ').trim() || 'fleetform';
  const email = scratch.email ?? 'fleetform@localhost';
  const env = {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
  };
  const parents = parent === null ? [] : ['-p', parent];
  const made = await scratch.local(['commit-tree', tree, ...parents, '-F', '-'], { input: message, env });
  return { commit: made.toString('utf8').trim(), parent, message, stateBlob, lockBlob };
}
