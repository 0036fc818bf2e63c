import type { Intent, Spec, StateEntry } from '../../src/model/state.ts';

export const SPEC: Spec = {
  template: { id: '7', name: 'Restart' },
  fleets: ['1394296486561117717'],
  regions: [],
  instances: [],
  labels: [],
  executeAt: 1_800_000_000,
  params: [],
  revision: null,
};

export function entryFor(...batchIds: string[]): StateEntry {
  return { batchIds, spec: SPEC, digest: 'd', createdAt: 1, phase: 'scheduled', preventCancel: false };
}

export function intentFor(address: string, id = `i-${address}`): Intent {
  return { id, address, spec: SPEC, digest: 'd', preventCancel: false, since: 1, seen: [], newest: null };
}

/** `entries`, and how often something of them was looked up or listed. */
export function counted<T extends object>(entries: T): { entries: T; reads(): number } {
  let reads = 0;
  const watched = new Proxy(entries, {
    get(target, key, receiver) {
      reads += 1;
      return Reflect.get(target, key, receiver);
    },
    getOwnPropertyDescriptor(target, key) {
      reads += 1;
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
    has(target, key) {
      reads += 1;
      return Reflect.has(target, key);
    },
  });
  return { entries: watched, reads: () => reads };
}
