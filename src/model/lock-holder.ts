/** Who holds a lock, wherever it is kept, and what people are told of it. */
import { safeText } from './safe-text.ts';
import { durationText } from './words.ts';

/** Who holds a lock, since when and for what. */
export interface LockHolder {
  /** Tells this lock from every other one. */
  readonly id: string;
  /** `user@host`. Safe to show, as `since`, `operation`, `job` and `commit` are; `host` is as the system has it. */
  readonly who: string;
  /** null, as `pid`: whoever keeps the lock does not say. */
  readonly host: string | null;
  readonly pid: number | null;
  /** RFC 3339, UTC. */
  readonly since: string;
  /** The command that holds it: `apply`, `destroy`, … */
  readonly operation: string;
  /** The page of the CI job; null: it is none, or none is known. */
  readonly job: string | null;
  /** The commit that the CI job works on; null: none is known. */
  readonly commit: string | null;
}

/** A lock as others see it. */
export interface LockInspection {
  readonly holder: LockHolder;
  /** Since its last sign of life, by the clock of the place that keeps the lock; null: that place knows of none. */
  readonly silentSeconds: number | null;
}

/** A lock, and of which state it is. */
export interface NamedLock extends LockInspection {
  /** Of the state. */
  readonly name: string;
}

/** Of a lock that does not say whose it is; it can be removed all the same, where it has an id. */
export function unknownHolder(id: string, who = 'an unknown holder'): LockHolder {
  return {
    id,
    who,
    host: null,
    pid: null,
    since: 'an unknown time',
    operation: 'an unknown operation',
    job: null,
    commit: null,
  };
}

/** `ann@ci-3 (process 42 on ci-3, https://ci.example.org/jobs/7, commit 1a2b3c4)`. */
export function holderText({ who, pid, host, job, commit }: LockHolder): string {
  const where = host === null ? '' : ` on ${safeText(host, 300)}`;
  const known = [
    pid === null ? '' : `process ${pid}${where}`,
    job ?? '',
    commit === null ? '' : `commit ${commit.slice(0, 12)}`,
  ].filter((one) => one !== '');
  return known.length === 0 ? who : `${who} (${known.join(', ')})`;
}

export function signText(silentSeconds: number | null): string {
  if (silentSeconds === null) return 'whether it is still alive is not known';
  return `last heartbeat ${durationText(silentSeconds)} ago`;
}
