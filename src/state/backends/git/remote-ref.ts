/**
 * The ref on the remote: what it points to, and the compare-and-swap that changes it.
 *
 * Invariant: after a push without a clear answer the ref is looked at. A commit is unlike every other one; so if the
 * ref points to it, the push was done, and by us.
 */
import { FleetformError } from '../../../model/errors.ts';
import { safeText } from '../../../model/safe-text.ts';
import { denied, unreachable } from '../../errors.ts';
import { type GitResult, reasonOf } from './run.ts';
import { REMOTE_MS, type Scratch } from './scratch.ts';

export interface RemoteRef {
  /** The commit that it points to; null: there is no such ref. Throws `state.unreachable` or `state.denied`, and the reason of `stop`. */
  look(stop?: AbortSignal): Promise<string | null>;
  /** Gets that commit, and so many before it; the commit that the ref points to by then. null: no such ref any more. */
  fetch(depth: number, stop?: AbortSignal): Promise<string | null>;
  /** Whether it points to `to` now; false: it did not point to `from` (null: there was one). Throws as `look`. */
  swap(from: string | null, to: string, stop?: AbortSignal): Promise<boolean>;
  /** Gets the newest commit of every ref below `REFS`, by the ref's name. */
  fetchAll(): Promise<ReadonlyMap<string, string>>;
}

/** Where all states are kept. */
export const REFS = 'refs/fleetform/';

export interface RemoteRefOptions {
  readonly remote: string;
  readonly ref: string;
  /** For messages. */
  readonly location: string;
  readonly sleep: (ms: number) => Promise<void>;
  readonly random: () => number;
}

/** Times: what a busy server refuses, or a broken line cuts off, is tried again. */
const MOST_TRIES = 4;
const FIRST_PAUSE_MS = 300;
/** Milliseconds after which nothing is tried once more. */
const PATIENCE_MS = 45_000;

/** Where what was fetched is kept, in the scratch repository. */
const SEEN = 'refs/seen/tip';
const ALL_SEEN = 'refs/all/';

export function remoteRef(
  scratch: Scratch,
  { remote, ref, location, sleep, random }: RemoteRefOptions,
): RemoteRef {
  async function patiently<T>(work: () => Promise<T | FleetformError>, stop?: AbortSignal): Promise<T> {
    const begun = performance.now();
    for (let tries = 1; ; tries += 1) {
      stop?.throwIfAborted();
      const result = await work();
      if (!(result instanceof Error)) return result;
      stop?.throwIfAborted();
      const isOver = tries >= MOST_TRIES || performance.now() - begun > PATIENCE_MS;
      if (isOver || result.code === 'state.denied') throw result;
      await sleep(FIRST_PAUSE_MS * 2 ** tries * (0.5 + random()));
    }
  }

  async function look(stop?: AbortSignal): Promise<string | null> {
    return patiently(async () => {
      const result = await scratch.git(['ls-remote', '--refs', remote, ref], { signal: stop });
      if (result.code !== 0) return troubleOf(result, location, 'read');
      // `ID TAB REF`; the pattern also matches refs that end in it.
      const line = result.stdout
        .toString('utf8')
        .split('\n')
        .find((one) => one.endsWith(`\t${ref}`));
      return line === undefined ? null : line.slice(0, line.indexOf('\t'));
    }, stop);
  }

  async function fetched(depth: number, refspec: string, stop?: AbortSignal): Promise<GitResult> {
    const flags = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-auto-gc', `--depth=${depth}`];
    return scratch.git(['fetch', ...flags, remote, refspec], { signal: stop });
  }

  async function push(from: string | null, to: string, stop?: AbortSignal): Promise<GitResult> {
    const lease = `--force-with-lease=${ref}:${from ?? ''}`;
    return scratch.git(['push', '--porcelain', '--no-verify', lease, remote, `${to}:${ref}`], {
      signal: stop,
    });
  }

  return {
    look,
    async fetch(depth, stop) {
      return patiently(async () => {
        const result = await fetched(depth, `+${ref}:${SEEN}`, stop);
        if (result.code === 0) {
          const at = await scratch.git(['rev-parse', '--verify', '--quiet', `${SEEN}^{commit}`]);
          if (at.code === 0) return at.stdout.toString('utf8').trim();
          throw notACommit(location);
        }
        // Gone since it was looked at.
        if ((await look(stop)) === null) return null;
        return troubleOf(result, location, 'read');
      }, stop);
    },
    async fetchAll() {
      return patiently(async () => {
        const result = await fetched(1, `+${REFS}*:${ALL_SEEN}*`);
        if (result.code !== 0) return troubleOf(result, location, 'read');
        const listed = await scratch.local(['for-each-ref', '--format=%(objectname) %(refname)', ALL_SEEN]);
        const lines = listed
          .toString('utf8')
          .split('\n')
          .filter((line) => line !== '');
        return new Map(
          lines.map((line) => {
            const [id = '', name = ''] = line.split(' ');
            return [REFS + name.slice(ALL_SEEN.length), id];
          }),
        );
      });
    },
    async swap(from, to, stop) {
      return patiently(async () => {
        const result = await push(from, to, stop);
        if (result.code === 0) return true;
        const now = await look(stop);
        if (now === to) return true;
        if (now !== from) return false;
        return troubleOf(result, location, 'write');
      }, stop);
    },
  };
}

function notACommit(location: string): FleetformError {
  return new FleetformError('state.invalid', `${location} is not a fleetform state: it points to no commit`, {
    hint: 'Find out who has put it there, and delete that ref.',
  });
}

/** What git says is foreign text: it decides about nothing but the words of the hint, and whether to try again. */
function troubleOf(result: GitResult, location: string, what: 'read' | 'write'): FleetformError {
  // `! FROM:TO [remote rejected] (why)`, see the porcelain of git-push(1).
  const rejected = /^!\t[^\t]*\t(.*)$/m.exec(result.stdout.toString('utf8'))?.[1];
  const said = [rejected, reasonOf(result, REMOTE_MS)].filter((one) => one !== undefined).join('; ');
  const why = safeText(said, 500);
  if (/non-fast-forward|denyNonFastForwards/i.test(why)) {
    return denied(location, why, NO_FAST_FORWARD);
  }
  if (/gpg|sign(?:ed|ature|ing)|nonce|push certificate/i.test(why)) {
    return denied(location, why, SIGNATURE);
  }
  if (/hook declined|protected|GH\d{3}|rule violations|deny updating a hidden ref|funny refname/i.test(why)) {
    return denied(location, why, RULES);
  }
  if (/host key verification failed|no matching host key/i.test(why)) return denied(location, why, HOST_KEY);
  if (/stale info/.test(why))
    return new FleetformError('state.push-elsewhere', `${location} could not be changed: ${why}`, {
      hint: ELSEWHERE,
    });
  if (result.code === 128 && ACCESS.test(why)) {
    return denied(location, why, what === 'read' ? READ_ACCESS : WRITE_ACCESS);
  }
  if (rejected !== undefined && !BUSY.test(why)) return denied(location, why, RULES);
  return unreachable(location, why);
}

/** Two pushes at the same moment. */
const BUSY = /cannot lock|unable to (?:lock|create)|failed to update|already exists|stale info/i;

const ACCESS =
  /authentication failed|could not read (?:username|password)|permission (?:to .* )?denied|access denied|denied to|not authorized|unauthorized|forbidden|error: 40[13]|write access|read-?only|repository not found|insufficient permission|you are not allowed/i;

const READ_ACCESS =
  'Reading the state takes what `git fetch` takes: check with `git ls-remote` in this checkout. In CI: the token of the checkout, with read access to the repository.';
const WRITE_ACCESS =
  'Nothing was written. Applying takes what `git push` takes: on GitHub `permissions: contents: write`, on GitLab a token with write_repository. A plan needs read access only.';
const HOST_KEY =
  'ssh does not know the server yet: add its key to known_hosts, checked against what its owner publishes.';
const ELSEWHERE =
  'Nothing was written. The ref is not what reading it shows: does `git remote get-url --push` lead to another repository than `git remote get-url`? Or does the server hide refs below refs/fleetform/?';
const NO_FAST_FORWARD =
  'Nothing was written. The server refuses every push that replaces a commit (receive.denyNonFastForwards), also of refs below refs/fleetform/. Allow it there, or use another backend.';
const SIGNATURE =
  'Nothing was written. The server wants signed pushes or commits: exempt the refs below refs/fleetform/, or use another backend.';
const RULES =
  'Nothing was written. A rule or a hook of the server refuses refs below refs/fleetform/: exempt them, or use another backend.';
