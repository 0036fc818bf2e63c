/** The commits of the ref as a history of the state, and what all refs below refs/fleetform/ hold: states and locks. */

import type { State } from '../../../model/state.ts';
import type {
  LockList,
  NamedLock,
  Sibling,
  StateHistory,
  StateSiblings,
  StateVersion,
} from '../../backend.ts';
import { parseState } from '../../state-json.ts';
import { saidIn } from './message.ts';
import { REFS } from './remote-ref.ts';
import { type GitStore, inspectionOf, lockOf } from './store.ts';
import { textOf, tipAt } from './tip.ts';

/** How far back a state is looked for. */
const DEEPEST = 1000;

interface Kept extends StateVersion {
  readonly id: string;
}

export function gitHistory(open: () => Promise<GitStore>): StateHistory {
  return {
    async versions(limit) {
      const kept = await versionsOf(await open(), limit);
      return kept.map(({ id, ...version }) => version);
    },
    async at(serial) {
      const store = await open();
      const kept = (await versionsOf(store, DEEPEST)).find((one) => one.serial === serial);
      if (kept === undefined) return null;
      const { stateBlob } = await tipAt(store.scratch, kept.id);
      return stateBlob === null ? null : parseState(await textOf(store.scratch, stateBlob), store.location);
    },
  };
}

/** The newest first; commits that hold no state are passed over. */
async function versionsOf({ scratch, remote }: GitStore, limit: number): Promise<Kept[]> {
  if ((await remote.look()) === null) return [];
  const tip = await remote.fetch(limit + 1);
  if (tip === null) return [];
  const log = await scratch.local(['log', '-z', '--format=%H%x1f%cI%x1f%B', `--max-count=${limit + 1}`, tip]);
  return log
    .toString('utf8')
    .split('\0')
    .flatMap((one) => {
      const [id = '', at = '', message = ''] = one.split('\x1f');
      const said = saidIn(message);
      if (said === null) return [];
      return [{ id, at: new Date(at).toISOString().replace(/\.\d+Z$/, 'Z'), ...said }];
    })
    .slice(0, limit);
}

export function gitLocks(open: () => Promise<GitStore>): LockList {
  return {
    async list() {
      const store = await open();
      const locks: NamedLock[] = [];
      for (const [ref, commit] of await store.remote.fetchAll()) {
        // Whatever else somebody keeps there.
        const lock = await lockOf(store, await tipAt(store.scratch, commit)).catch(() => null);
        const found = inspectionOf(lock);
        if (found !== null) locks.push({ name: ref.slice(REFS.length), ...found });
      }
      return locks;
    },
  };
}

/** `remote`, `ref`: those of the file, which are no sibling. */
export function gitSiblings(open: () => Promise<GitStore>, remote: string, ref: string): StateSiblings {
  return {
    async list() {
      const store = await open();
      const siblings: Sibling[] = [];
      for (const [other, commit] of await store.remote.fetchAll()) {
        const state = await stateAt(store, commit).catch(() => null);
        if (other !== ref && state !== null)
          siblings.push({ settings: { backend: 'git', remote, ref: other }, state });
      }
      return siblings;
    },
  };
}

async function stateAt({ scratch, location }: GitStore, commit: string): Promise<State | null> {
  const { stateBlob } = await tipAt(scratch, commit);
  return stateBlob === null ? null : parseState(await textOf(scratch, stateBlob), location);
}
