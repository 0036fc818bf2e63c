/**
 * What was seen → the text of a file, and what to bind: whatever one batch brings in that a file cannot say, or that a
 * plan would still do something about, leaves out that batch, and none of the others.
 */
import type { FleetApi } from '../api/port.ts';
import type { Desired } from '../model/desired.ts';
import { DiagnosticsError, FleetformError } from '../model/errors.ts';
import type { Id } from '../model/ids.ts';
import type { LeftOut, LiveBatch, LiveBatches } from '../model/live-batch.ts';
import type { Observation } from '../model/observed.ts';
import { boundEntry } from '../model/recorded.ts';
import { safeText } from '../model/safe-text.ts';
import type { State, StateEntry } from '../model/state.ts';
import { listed } from '../model/suggest.ts';
import { plan } from '../plan/plan.ts';
import { meaningOf } from '../plan/review/live-batches.ts';
import { WHOLE } from '../plan/review/selection.ts';
import { lookAtBound } from '../plan/world/bound.ts';
import { createWorld } from '../plan/world/world.ts';
import type { Edit } from '../state/edits.ts';
import { edited } from '../state/ledger.ts';

export interface DraftInput {
  readonly api: Pick<FleetApi, 'origin'>;
  readonly fleetformVersion: string;
  /** What the file would be, and what it asks for. Throws where a file cannot say it. */
  readonly draft: (found: FoundForFile) => Promise<Draft>;
}

export interface FoundForFile extends Pick<LiveBatches, 'batches' | 'leftOut'> {
  readonly fleetNames: ReadonlyMap<Id, string>;
  readonly isAmbiguous: (templateName: string) => boolean;
}

export interface Draft {
  readonly text: string;
  readonly desired: Desired;
}

export interface BoundAddress {
  readonly address: string;
  readonly batch: LiveBatch;
}

/** What the state is before, and whether what it has comes from an import that was cut off: then all of it goes. */
export interface Before {
  readonly state: State;
  readonly isCut: boolean;
}

export interface Attempt extends Draft {
  readonly bound: readonly BoundAddress[];
  readonly edits: readonly Edit[];
  readonly after: State;
}

export type Found = Pick<LiveBatches, 'batches' | 'leftOut' | 'unselected'> & {
  readonly fleetNames: ReadonlyMap<Id, string>;
};

async function attempt(
  { draft }: DraftInput,
  found: Found,
  { state, isCut }: Before,
  observation: Observation,
): Promise<Attempt> {
  const made = await draft(forFile(found, observation));
  const world = createWorld({
    desired: made.desired,
    state: null,
    observation,
    now: observation.at,
    settle: 0,
    mode: 'normal',
    scope: WHOLE,
  });
  const byMeaning = new Map(
    found.batches.map((one) => [meaningOf(one.template.id, one.executeAt, one.targets), one]),
  );
  const bound: BoundAddress[] = [];
  const binds = world.runs.flatMap((run): Edit[] => {
    const { spec, digest, desired } = run;
    const batch = byMeaning.get(meaningOf(spec.template.id, spec.executeAt, spec));
    if (batch === undefined) return [];
    const { address, preventCancel } = desired;
    bound.push({ address, batch });
    const seen = batch.ids.map((id) => world.byId.get(id)!);
    const { phase } = lookAtBound(batch.ids, world.byId, world.now, 'scheduled');
    const known = { spec, digest, preventCancel, notAfter: null };
    const entry: StateEntry = { ...boundEntry(known, seen, { createdAt: world.now, phase }), imported: true };
    return [{ kind: 'bind', address, entry }];
  });
  const edits = [...(isCut ? unbinds(state) : []), ...binds];
  return { ...made, bound, edits, after: edited(state, edits) };
}

export function unbinds({ entries }: State): Edit[] {
  return Object.keys(entries).map((address) => ({ kind: 'unbind', address }));
}

function forFile(found: Found, { templates }: Observation): FoundForFile {
  return { ...found, isAmbiguous: (name) => templates.filter((one) => one.name === name).length !== 1 };
}

/** Of all that a file can say, before anything is known of what a plan says of it: null: a file can say none of it. */
export async function firstDraft(
  input: DraftInput,
  all: Found,
  before: Before,
  observation: Observation,
): Promise<Attempt | null> {
  const found = await writable(input, all, observation);
  return found.batches.length === 0 ? null : attempt(input, found, before, observation);
}

/** Those that a file can say, each alone and all together; the others are left out. */
async function writable(input: DraftInput, found: Found, observation: Observation): Promise<Found> {
  const { leftOut } = found;
  const against = (batches: readonly LiveBatch[]) =>
    whyNot(input, forFile({ ...found, batches }, observation));
  if ((await against(found.batches)) === null) return found;
  const out: LeftOut[] = [];
  const fit: LiveBatch[] = [];
  for (const batch of found.batches) {
    const reason = (await against([batch])) ?? (await against([...fit, batch]));
    if (reason === null) fit.push(batch);
    else out.push(...batch.ids.map((id): LeftOut => ({ id, code: 'unwritable', reason })));
  }
  return { ...found, batches: fit, leftOut: [...leftOut, ...out] };
}

async function whyNot({ draft }: DraftInput, found: FoundForFile): Promise<string | null> {
  try {
    await draft(found);
    return null;
  } catch (error) {
    if (!(error instanceof FleetformError)) throw error;
    const message = error instanceof DiagnosticsError ? error.diagnostics[0]?.message : error.message;
    return `a file cannot say it: ${safeText(message ?? error.message, 200)}`;
  }
}

/** What a plan would still do something about, or cannot decide, is left out, until it has nothing left to say. */
export async function settled(
  input: DraftInput,
  all: Found,
  before: Before,
  observation: Observation,
): Promise<{ made: Attempt; leftOut: readonly LeftOut[] }> {
  let { batches, leftOut } = await writable(input, all, observation);
  for (;;) {
    if (batches.length === 0) throw nothing(leftOut, all.unselected);
    const made = await attempt(input, { ...all, batches, leftOut }, before, observation);
    const open = openOf(input, made, observation);
    if (open.size === 0) return { made, leftOut };
    const out = made.bound.filter(({ address }) => open.has(address));
    const isOut = new Set(out.map(({ batch }) => batch));
    if (out.length === 0) {
      if (!before.isCut) refuseInUse(before.state);
      throw new FleetformError(
        'import.undecided',
        `nothing was written: the next plan would not be empty: ${[...open.values()].join('; ')}`,
        {
          hint: 'Select a part of it with --template or --fleet, or write the blocks and bind each with `fleetform import ADDRESS BATCHID`.',
        },
      );
    }
    leftOut = [
      ...leftOut,
      ...out.flatMap(({ address, batch }) =>
        batch.ids.map((id): LeftOut => ({ id, code: 'unsettled', reason: open.get(address)! })),
      ),
    ];
    batches = batches.filter((batch) => !isOut.has(batch));
  }
}

/** By address, or by message where it has none: why the plan is not empty. */
function openOf(
  { api, fleetformVersion }: DraftInput,
  { desired, after }: Attempt,
  observation: Observation,
): Map<string, string> {
  const made = plan({
    desired,
    state: after,
    observation,
    now: observation.at,
    fleetformVersion,
    api: api.origin,
  });
  const open = new Map<string, string>();
  for (const { action, address } of made.changes)
    if (action !== 'no-op') open.set(address, `a plan would ${action} it`);
  for (const { severity, address, message } of made.diagnostics)
    if (severity === 'error') open.set(address ?? message, message);
  return open;
}

/** `unselected`: live ones that are not of the templates and fleets that were asked for. */
function nothing(leftOut: readonly LeftOut[], unselected: number): FleetformError {
  const more = someBatches(unselected);
  const because = (message: string, hint: string) =>
    new FleetformError('import.nothing', message, { hint: `Nothing was written. ${hint}` });
  if (leftOut.length === 0) {
    return unselected === 0
      ? because('there is no live batch to import', '`fleetform init` writes a first file.')
      : because(
          'no live batch is of what --template and --fleet ask for',
          `Without them there ${unselected === 1 ? 'is' : 'are'} ${more}: leave one out, or name another.`,
        );
  }
  const why = leftOut.map(({ id, reason }) => `batch ${id}: ${reason}`);
  const others = unselected === 0 ? '' : `; ${more} not of what --template and --fleet ask for`;
  const hints: string[] = [];
  if (leftOut.some(({ code }) => code !== 'owned')) {
    const each = leftOut.some(({ code }) => code === 'owned') ? 'each that no other state has' : 'each';
    hints.push(`Write a block for ${each}, and bind it with \`fleetform import ADDRESS BATCHID\`.`);
  }
  if (leftOut.some(({ code }) => code === 'owned')) {
    hints.push(
      'What another state has belongs to its file. To move it here, remove it from that file, and from its state with `fleetform state rm`, first.',
    );
  }
  return because(`none of the live batches can be imported: ${listed(why, 5)}${others}`, hints.join(' '));
}

function someBatches(count: number): string {
  return count === 1 ? '1 live batch' : `${count} live batches`;
}

/** Beside a file that does not name them, a plan would cancel them. Throws `import.state-in-use`. */
export function refuseInUse({ entries, intents, name }: State): void {
  const addresses = [...Object.keys(entries), ...intents.map(({ address }) => address)];
  if (addresses.length === 0) return;
  throw new FleetformError(
    'import.state-in-use',
    `the state of "${name}" already has ${listed(addresses, 5)}, which the new file would not ask for`,
    {
      hint: 'Nothing was written. Give the new file another name with --name, or bind single batches to your file with `fleetform import ADDRESS BATCHID`.',
    },
  );
}
