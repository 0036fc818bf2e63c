/**
 * Runs that meet on a game server, in words: one finding for two blocks, however often they meet.
 *
 * Invariant: a few findings, however many blocks meet.
 */
import { nameForAll } from '../../../model/addresses.ts';
import type { Desired } from '../../../model/desired.ts';
import type { Diagnostic } from '../../../model/errors.ts';
import { groupBy } from '../../../model/group.ts';
import { compareIds } from '../../../model/ids.ts';
import { safeText } from '../../../model/safe-text.ts';
import { durationText, listText, rfc3339 } from '../../../model/words.ts';
import { type Collision, MOST_COLLISIONS, type Shared } from '../../review/collisions.ts';
import { NEAR } from '../../review/near-runs.ts';
import type { RunAhead } from '../../review/runs-ahead.ts';
import { aliasOf } from '../../world/targets.ts';
import type { World } from '../../world/world.ts';

/** Pairs of blocks; what else meets is counted. */
const SHOWN = 10;

type Around = Pick<World, 'now' | 'wanted' | 'desired'>;

export function collisionFindings(collisions: readonly Collision[], world: Around): Diagnostic[] {
  const sided = collisions.map(bySides);
  const groups = [...groupBy(sided, ({ runs: [a, b] }) => `${a.block} ${b.block}`).values()];
  const isCut = collisions.length >= MOST_COLLISIONS;
  const findings = groups.slice(0, SHOWN).map((group) => finding(group, isCut, world));
  const rest = groups.length - SHOWN;
  return rest <= 0 ? findings : [...findings, restFinding(rest, isCut)];
}

function restFinding(rest: number, isCut: boolean): Diagnostic {
  const are = rest === 1 ? 'other pair of blocks runs' : 'other pairs of blocks run';
  return {
    severity: 'warning',
    code: 'plan.collision',
    message: `${isCut ? 'at least ' : ''}${rest} ${are} within ${durationText(NEAR)} of each other on the same game servers, too`,
  };
}

/** Those of two blocks always stand on the same sides, what is unmanaged on the right. */
function bySides(collision: Collision): Collision {
  const [a, b] = collision.runs;
  const isTurned = (a.unmanaged !== null) === (b.unmanaged !== null) ? a.base > b.base : a.unmanaged !== null;
  return isTurned ? { ...collision, runs: [b, a] } : collision;
}

function finding(group: readonly Collision[], isCut: boolean, world: Around): Diagnostic {
  const sides = [0, 1].map((side) => group.map(({ runs }) => runs[side as 0 | 1]));
  const names = sides.map((runs) => nameOf(runs));
  const { runs } = group[0]!;
  const times = Math.max(...sides.map((all) => new Set(all.map(({ at }) => at)).size));
  const [left, right] = names;
  const isOneBlock = isOfOneBlock(runs);
  const who = isOneBlock ? pairsText(group) : `${left} and ${right}`;
  const often = `${isCut ? 'at least ' : ''}${times} times, first `;
  const when = `${times === 1 ? '' : often}${momentsText(runs, world.now)}`;
  const { address } = runs.find(({ isMeant }) => isMeant) ?? runs[0];
  const place = world.wanted.find((batch) => batch.address === address);
  return {
    severity: 'warning',
    code: 'plan.collision',
    message: `${who} run within ${durationText(NEAR)} of each other on ${reachText(group, world.desired.aliases)}: ${when}`,
    hint: hintOf(runs, place?.executeAt != null),
    ...(isOneBlock || names.includes(`"${address}"`) ? { address } : {}),
    ...place?.at,
  };
}

function isOfOneBlock([a, b]: Collision['runs']): boolean {
  return a.unmanaged === null && b.unmanaged === null && a.block === b.block;
}

/** `"config[fleet:eu]" and "config[region:ams]" (and 3 more pairs of targets of "config")` */
function pairsText(group: readonly Collision[]): string {
  const [a, b] = group[0]!.runs;
  const pairs = new Set(group.map(({ runs }) => runs.map(({ base }) => base).join(' ')));
  const more = pairs.size - 1;
  const others =
    more === 0 ? '' : ` (and ${more} more ${more === 1 ? 'pair' : 'pairs'} of targets of "${a.block}")`;
  return `"${a.base}" and "${b.base}"${others}`;
}

function nameOf(runs: readonly RunAhead[]): string {
  const { unmanaged } = runs[0]!;
  if (unmanaged === null) return `"${nameForAll(runs.map(({ address }) => address))}"`;
  const template = unmanaged.template === null ? '' : ` ("${safeText(unmanaged.template, 80)}")`;
  return `unmanaged batch ${unmanaged.batchId}${template}`;
}

function momentsText([a, b]: Collision['runs'], now: number): string {
  const [first, second] = [a, b].map(({ at }) => (at <= now ? 'now' : `at ${rfc3339(at)}`));
  return first === second ? `both ${first}` : `${first} and ${second}`;
}

function reachText(group: readonly Collision[], aliases: Desired['aliases']): string {
  const shared: Shared[] = [...new Set(group.flatMap((one) => one.shared))];
  const servers = shared.flatMap((one) => one.servers).sort(compareIds);
  if (servers.length === 0) {
    const untold = shared.flatMap((one) => one.untold);
    const named = untold.map(({ kind, id }) => `${kind.slice(0, -1)} ${aliasOf(aliases[kind], id)}`);
    return `the game servers of ${listText([...new Set(named)])}`;
  }
  const atLeast = group.every(({ isWhole }) => isWhole) ? '' : 'at least ';
  if (servers.length === 1) return `${atLeast}game server ${servers[0]}`;
  return `${atLeast}${servers.length} game servers (${listText(servers)})`;
}

/** A spread needs `targets` and a time: those of one block are its targets. */
function hintOf(runs: Collision['runs'], hasTime: boolean): string {
  const other = runs.find(({ unmanaged }) => unmanaged !== null);
  if (isOfOneBlock(runs)) {
    const drop = 'drop one of the two targets, or give it a block and a time of its own.';
    return hasTime
      ? `Give the block a \`spread\`, or a longer one, ${drop}`
      : `${drop[0]!.toUpperCase()}${drop.slice(1)}`;
  }
  return other === undefined
    ? 'Move one of them to another time.'
    : 'Move yours to another time, or check whether the unmanaged batch is still meant to run.';
}
