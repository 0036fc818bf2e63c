/**
 * One golden case: a folder of test/plan/golden/ that a person can read → the input of `plan`.
 *
 * - `desired.yaml`   the file, as a user writes it.
 * - `case.json`      `row`: what the case is about; `expect`: what must come out, by hand, in the plan's order
 *                    (`create hotfix`, `error plan.ambiguous hotfix`); `now`, `options`: where they aren't the usual ones.
 * - `state.json`     absent: no state exists. In short form:
 *     entries: { ADDRESS: { ids: ["41"], was: "same" | { …spec… }, preventCancel, phase, replacing } }
 *                    "same": what desired.yaml says at that address; an object changes parts of that (or, where the
 *                    file doesn't name the address, is laid over a restart of fleet eu at 04:00 Amsterdam)
 *                    `bound`: TIME, an hour ago by default. `stamps`: { "41": { created: TIME, at: TIME, task: ID } }
 *                    `notAfter`: TIME until which the very same may still be asked for
 *     sight: { newest: TIME, ids: ["40"] }   what it knew of; default: all made more than 35 minutes ago. null: none told
 *                    `open`: ids that were in question; `unsure`: addresses of the file of which nobody could tell
 *     marks: { nightly: TIME }   how far that block's schedule, as it is in the file, is accounted for
 *     intents: [{ address, was, seen: ["40"], newest: TIME, since: TIME, sent: TIME | null }]
 * - `observed.json`  what the API says, in short form:
 *     batches: [{ id, template, at: TIME | null, created: TIME, on: ["e1", …], tasks: PHASE | [PHASE, …], … }]
 *                    `at` null: no time of its own. One task per game server of `on`; `tasks` gives their phase, all
 *                    pending by default. `finished`: TIME. `looked: false`: nobody read its tasks. `action`: how far cancelled ones got.
 *                    `listed: false`: looked up by its id, the list does not show it
 *     crowd: 100     so many batches of others, over since yesterday. `crowdCreated`: TIME they were made, instead
 *     ghosts: [{ … }]  batches that the API does not know, though it shows these tasks of them
 *     histories: { e1: ["41"] | "full" | null }   the last tasks of a game server, whole unless "full"; null: no answer
 *     full, missing, templates, inventory, clockAhead: as in `Observation`; inventory "none": it did not answer
 *
 * Game servers: e1 … e4 are fleet eu, u1 … u3 fleet us, region ams is a1 and e1; x1 … belong to nothing.
 * Templates: 1 Restart game server, 2 Deploy build (requires buildId), 3 Collect logs. Times are RFC 3339.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadDesired } from '../../src/desired/load.ts';
import type { Desired } from '../../src/model/desired.ts';
import type { Inventory, Observation, ObservedBatch, TaskPhase, Template } from '../../src/model/observed.ts';
import type { Spec, State } from '../../src/model/state.ts';
import type { TemplateRef } from '../../src/model/template-ref.ts';
import type { PlanInput, PlanOptions } from '../../src/plan/input.ts';
import { specDigest } from '../../src/plan/world/spec.ts';
import { scheduleDigest } from '../../src/schedule/marks.ts';
import * as build from '../support/builders.ts';

export interface GoldenCase {
  readonly row: string;
  readonly expect: readonly string[];
  readonly input: PlanInput;
}

interface CaseFile {
  readonly row: string;
  readonly expect: readonly string[];
  readonly now?: string;
  readonly options?: Partial<PlanOptions>;
}

type SpecText =
  | 'same'
  | (Omit<Partial<Spec>, 'executeAt' | 'template'> & { template?: string; executeAt?: string | null });

interface StateText {
  readonly entries?: Record<
    string,
    {
      ids: string[];
      was: SpecText;
      preventCancel?: boolean;
      phase?: string;
      bound?: string;
      replacing?: true;
      notAfter?: string;
      stamps?: Record<string, { created: string; at: string | null; task?: string }>;
    }
  >;
  /** What it knew of when it was written; default: of all that was made until an hour ago. null: an old one, without. */
  readonly sight?: { newest: string | null; ids: string[]; open?: string[]; unsure?: string[] } | null;
  readonly marks?: Readonly<Record<string, string>>;
  readonly intents?: readonly {
    address: string;
    was: SpecText;
    seen?: string[];
    newest?: string | null;
    since?: string;
    sent?: string | null;
  }[];
}

interface BatchText {
  readonly id: string;
  readonly template?: string;
  readonly at?: string | null;
  readonly created?: string;
  readonly on?: readonly string[];
  readonly tasks?: TaskPhase | readonly TaskPhase[];
  readonly finished?: string;
  readonly looked?: boolean;
  readonly action?: number;
  readonly listed?: false;
}

interface ObservedText {
  readonly batches?: readonly BatchText[];
  readonly ghosts?: readonly BatchText[];
  readonly crowd?: number;
  readonly crowdCreated?: string;
  readonly histories?: Readonly<Record<string, readonly string[] | 'full' | null>>;
  readonly clockAhead?: number;
  readonly full?: boolean;
  readonly missing?: readonly string[];
  readonly templates?: readonly Template[];
  readonly inventory?: 'none' | { fleets: Record<string, string[]>; regions: Record<string, string[]> };
}

export async function loadCase(folder: string): Promise<GoldenCase> {
  const about = read<CaseFile>(join(folder, 'case.json'));
  const now = about.now === undefined ? build.NOW : seconds(about.now);
  const desired = await loadDesired({ cwd: folder, files: ['desired.yaml'], env: {} });
  const stateFile = join(folder, 'state.json');
  return {
    row: about.row,
    expect: about.expect,
    input: {
      desired,
      state: existsSync(stateFile) ? stateFrom(read<StateText>(stateFile), desired, now) : null,
      observation: observationFrom(read<ObservedText>(join(folder, 'observed.json')), now),
      now,
      fleetformVersion: '0.0.0-test',
      api: 'https://api.i3d.net',
      ...(about.options === undefined ? {} : { options: about.options }),
    },
  };
}

function stateFrom(text: StateText, desired: Desired, now: number): State {
  const entries = Object.entries(text.entries ?? {}).map(([address, entry]) => {
    const {
      ids,
      was,
      preventCancel = false,
      phase = 'scheduled',
      bound,
      replacing,
      stamps,
      notAfter,
    } = entry;
    return [
      address,
      build.entry(ids, specFrom(was, address, desired), {
        createdAt: bound === undefined ? now - 3600 : seconds(bound),
        preventCancel,
        phase,
        ...(replacing === undefined ? {} : { replacing }),
        ...(notAfter === undefined ? {} : { notAfter: seconds(notAfter) }),
        ...(stamps === undefined ? {} : { stamps: stampsFrom(stamps) }),
      }),
    ];
  });
  const intents = (text.intents ?? []).map(({ address, was, seen = [], newest, since, sent }) =>
    build.intent(address, specFrom(was, address, desired), {
      seen,
      newest: newest === null ? null : newest === undefined ? now - 1200 : seconds(newest),
      since: since === undefined ? now - 600 : seconds(since),
      ...(sent === undefined ? {} : { sentAt: sent === null ? null : seconds(sent) }),
    }),
  );
  const { sight } = text;
  const digestOf = (address: string) => specDigest(specFrom('same', address, desired));
  const known =
    sight === undefined
      ? { newest: now - 1800, ids: [] }
      : sight && {
          ...sight,
          newest: sight.newest === null ? null : seconds(sight.newest),
          ...(sight.unsure === undefined ? {} : { unsure: sight.unsure.map(digestOf) }),
        };
  return build.state(Object.fromEntries(entries), {
    intents,
    ...(known === null ? {} : { sight: known }),
    ...(text.marks === undefined ? {} : { schedules: marksFrom(text.marks, desired) }),
  });
}

function marksFrom(marks: Record<string, string>, { blocks }: Desired) {
  return Object.fromEntries(
    Object.entries(marks).map(([address, through]) => {
      const when = blocks.find((block) => block.address === address)?.when;
      if (when?.kind !== 'schedule') throw new Error(`${address} is no schedule`);
      return [address, { through: seconds(through), schedule: scheduleDigest(when.schedule) }];
    }),
  );
}

function stampsFrom(stamps: Record<string, { created: string; at: string | null; task?: string }>) {
  return Object.fromEntries(
    Object.entries(stamps).map(([id, { created, at, task }]) => [
      id,
      {
        createdAt: seconds(created),
        executeAt: at === null ? null : seconds(at),
        ...(task === undefined ? {} : { taskId: task }),
      },
    ]),
  );
}

function specFrom(was: SpecText, address: string, desired: Desired): Spec {
  const named = build.batchOf(desired, address);
  const isKnown = named !== undefined && build.TEMPLATES.some((one) => matches(named.template, one));
  const base = isKnown ? build.specOf(named) : build.spec();
  if (was === 'same') {
    if (named === undefined) throw new Error(`the file doesn't name ${address}`);
    return base;
  }
  const { template, executeAt, ...rest } = was;
  return {
    ...base,
    ...rest,
    template: template === undefined ? base.template : templateNamed(template),
    executeAt: executeAt === undefined ? base.executeAt : executeAt === null ? null : seconds(executeAt),
  };
}

function matches(ref: TemplateRef, template: Template): boolean {
  return 'id' in ref ? ref.id === template.id : ref.name === template.name;
}

function templateNamed(name: string): { id: string; name: string } {
  const found = build.TEMPLATES.find((template) => template.name === name);
  if (found === undefined) throw new Error(`no template ${name}`);
  return { id: found.id, name };
}

function observationFrom(text: ObservedText, now: number): Observation {
  const created = text.crowdCreated === undefined ? now - 86_400 : seconds(text.crowdCreated);
  const batches = [
    ...(text.batches ?? []).map((batch) => batchFrom(batch, now)),
    ...build.foreignCrowd(text.crowd ?? 0, { createdAt: created, executeAt: created }),
  ];
  const unlisted = new Set((text.batches ?? []).flatMap(({ id, listed }) => (listed === false ? id : [])));
  return build.observation(batches, {
    listed: batches.map(({ id }) => id).filter((id) => !unlisted.has(id)),
    batchListFull: text.full ?? false,
    ghosts: (text.ghosts ?? []).map((batch) => batchFrom(batch, now)),
    missing: text.missing ?? [],
    at: now,
    clockAhead: text.clockAhead ?? 0,
    histories: historiesFrom(text.histories ?? {}),
    inventory: inventoryFrom(text.inventory),
    ...(text.templates === undefined ? {} : { templates: text.templates }),
  });
}

function historiesFrom(all: NonNullable<ObservedText['histories']>): Observation['histories'] {
  return Object.fromEntries(
    Object.entries(all).map(([name, told]) => {
      const ids = told === null || told === 'full' ? [] : told;
      const tasks = ids.map((batchId) => ({ batchId, executeAt: null }));
      return [serverNamed(name), told === null ? null : { tasks, isFull: told === 'full' }];
    }),
  );
}

function batchFrom(text: BatchText, now: number): ObservedBatch {
  const made = build.observedBatch(text.id, {
    executeAt: text.at === undefined ? build.AT : text.at === null ? null : seconds(text.at),
    createdAt: text.created === undefined ? now - 3600 : seconds(text.created),
    on: (text.on ?? ['e1', 'e2', 'e3', 'e4']).map(serverNamed),
    phases: text.tasks ?? 'pending',
    isSeen: text.looked ?? true,
    ...(text.action === undefined ? {} : { actionIdx: text.action }),
    ...(text.template === undefined ? {} : { template: text.template }),
  });
  return text.finished === undefined ? made : { ...made, finishedAt: seconds(text.finished) };
}

function inventoryFrom(text: ObservedText['inventory']): Inventory {
  if (text === undefined) return build.INVENTORY;
  if (text === 'none') return build.NO_INVENTORY;
  const named = (all: Record<string, string[]>) =>
    Object.fromEntries(Object.entries(all).map(([id, on]) => [id, on.map(serverNamed)]));
  return { fleets: named(text.fleets), regions: named(text.regions), homes: null, unavailable: null };
}

const ROWS: Readonly<Record<string, number>> = { e: 100, u: 200, a: 300, x: 900 };

function serverNamed(name: string): string {
  const row = ROWS[name[0] ?? ''];
  if (row === undefined) throw new Error(`no game server ${name}`);
  return build.server(row + Number(name.slice(1)));
}

function seconds(time: string): number {
  const value = Date.parse(time) / 1000;
  if (!Number.isInteger(value)) throw new Error(`no time: ${time}`);
  return value;
}

function read<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}
