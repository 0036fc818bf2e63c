/**
 * The recorded state: which batch belongs to which address, and which creates are under way.
 * Its JSON form is `schemas/state.schema.json`. It remembers; it is never the truth about the API.
 */
import type { Label, Param } from './desired.ts';
import type { Id } from './ids.ts';

/** What the API was told, or would be told: the template resolved to its id. */
export interface Spec {
  readonly template: { readonly id: Id; readonly name: string };
  readonly fleets: readonly Id[];
  readonly regions: readonly Id[];
  readonly instances: readonly Id[];
  readonly labels: readonly Label[];
  readonly executeAt: number | null;
  readonly params: readonly Param[];
  readonly revision: number | null;
}

export interface StateEntry {
  /** Usually one. Several only where a person imported several. */
  readonly batchIds: readonly Id[];
  readonly spec: Spec;
  /** `specDigest(spec)`. */
  readonly digest: string;
  /** Unix seconds, by this machine's clock: when the binding was recorded. */
  readonly createdAt: number;
  /** As of the last apply; what is observed beats it. */
  readonly phase: string;
  readonly preventCancel: boolean;
  /** An apply began to cancel it, to make the very same anew. Absent: none did. */
  readonly replacing?: true;
}

/** A create that may have been sent. Within one turn (`turnOf`) of one apply only the first can have been. */
export interface Intent {
  readonly id: string;
  readonly address: string;
  readonly spec: Spec;
  readonly digest: string;
  readonly preventCancel: boolean;
  /** Unix seconds, by this machine's clock: when the intents of its apply were written. */
  readonly since: number;
  /** Batches that were in sight before and look alike: a new one is not among them. */
  readonly seen: readonly Id[];
  /** `createdAt` of the newest batch in sight before, by the API's clock: a new one is not older. */
  readonly newest: number | null;
}

export interface State {
  readonly version: 1;
  /** A UUID: states of different lineage have nothing to do with each other. */
  readonly lineage: string;
  /** Grows with every write. */
  readonly serial: number;
  readonly name: string;
  /** The origin that it belongs to (`https://api.i3d.net`, `sandbox`): another one is an error. */
  readonly api: string;
  readonly entries: Readonly<Record<string, StateEntry>>;
  readonly intents: readonly Intent[];
}
