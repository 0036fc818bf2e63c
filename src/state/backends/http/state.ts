/**
 * The reads and writes of the state. A write whose answer is lost is looked for; it is sent again only where the state
 * of before is still there.
 *
 * Invariant: a write that may still be under way is remembered for as long as the lock is held. It may land after newer
 * ones, and undo them: so the state is read before each further write, and once more before the lock is given back.
 * After that, the server has to refuse it, because of the id of its lock.
 */
import { isDeepStrictEqual } from 'node:util';
import { TransportError } from '../../../api/errors.ts';
import type { ApiResponse } from '../../../api/port.ts';
import { FleetformError } from '../../../model/errors.ts';
import type { State } from '../../../model/state.ts';
import { denied, NOTHING_OVERWRITTEN, otherSerial } from '../../errors.ts';
import { parseState, stateToJson } from '../../state-json.ts';
import { type HttpClient, isDone, isPassing, isUndone, transportError } from './client.ts';
import { noAnswer, refusal, serverTrouble } from './refusals.ts';
import type { Endpoint, HttpStatePlace } from './settings.ts';

/** What the holder of a lock knows of the state. */
export interface Writing {
  /** Of the lock. */
  readonly id: string;
  /** Of the state that is kept; undefined: in doubt. */
  serial: number | null | undefined;
  /** Writes that may still be under way. */
  late: readonly Sent[];
  /** The last one that was seen to be kept. */
  kept: Sent | null;
}

interface Sent {
  readonly serial: number;
  readonly text: string;
}

export function newWriting(id: string): Writing {
  return { id, serial: undefined, late: [], kept: null };
}

export interface Replacement {
  readonly state: State;
  readonly text: string;
  readonly expectedSerial: number | null;
}

export interface StateRequests {
  read(): Promise<State | null>;
  /** `prove`: throws where the lock is lost; before anything is sent again. */
  write(replacement: Replacement, writing: Writing, prove: () => Promise<void>): Promise<void>;
  /** Before the lock is given back: what a late write has undone is written again. */
  settle(writing: Writing, prove: () => Promise<void>): Promise<void>;
}

/** No body is no state: GitLab answers 204 for a state that was locked and never written. */
const NONE = new Set([204, 404]);

export function stateRequests(place: HttpStatePlace, client: HttpClient): StateRequests {
  const { location } = place;
  const reading: Endpoint = { ...place.state, method: 'GET' };

  async function read(): Promise<State | null> {
    const answer = await client.repeatedly(reading, null);
    if (isForeignProject(answer)) {
      throw denied(
        location,
        'there is no such project, or none that this user may see (404)',
        'Check the project in the address, the user name and the token (FLEETFORM_STATE_HTTP_USERNAME, _PASSWORD, or TF_HTTP_*).',
      );
    }
    if (NONE.has(answer.status) || (isDone(answer) && answer.body.trim() === '')) return null;
    if (!isDone(answer)) throw refusal(place, reading, answer);
    refuseTerraforms(answer.body, location);
    return parseState(answer.body, location);
  }

  async function write(
    { state, text, expectedSerial }: Replacement,
    writing: Writing,
    prove: () => Promise<void>,
  ): Promise<void> {
    refuseOther(state, text, writing, location);
    const refuseStranger = (kept: State | null): void => {
      const found = kept?.serial ?? null;
      if (found !== expectedSerial && !isOvertaken(kept, state.serial, writing.late))
        throw otherSerial(location, found, expectedSerial);
    };
    const done = () => {
      writing.serial = state.serial;
      writing.kept = { serial: state.serial, text };
    };
    if (writing.serial === undefined || writing.late.length > 0) {
      const kept = await read();
      if (isOneOf(writing.late, state.serial) && isSame(kept, text)) return done();
      refuseStranger(kept);
    } else if (writing.serial !== expectedSerial) {
      throw otherSerial(location, writing.serial, expectedSerial);
    }
    const updating = withLock(place.state, writing.id);
    for (let tries = 1; ; tries += 1) {
      const answer = await client.once(updating, text).catch(transportError);
      if (!(answer instanceof TransportError) && isDone(answer)) {
        // A catch-all page says 200 to everything. The first write of a holder shows whether there is a state behind it.
        if (writing.kept === null && !isSame(await read(), text)) throw notKept(place);
        return done();
      }
      writing.serial = undefined;
      if (mayBeUnderWay(answer)) writing.late = [...writing.late, { serial: state.serial, text }];
      const isPausing = await client.pause(tries, answer);
      if (!isUndone(answer) || !isPassing(answer)) {
        const kept = await read();
        if (isSame(kept, text)) {
          // Of several, one may still come.
          if (tries === 1) writing.late = writing.late.filter((one) => one.text !== text);
          return done();
        }
        await prove();
        refuseStranger(kept);
      } else if (isPausing) {
        await prove();
      }
      if (!isPausing) throw refusalOf(answer);
    }
  }

  async function settle(writing: Writing, prove: () => Promise<void>): Promise<void> {
    const { kept, late } = writing;
    if (kept === null || late.length === 0) return;
    const found = await read();
    if (!isOvertaken(found, kept.serial, late)) return;
    await prove();
    // A serial of its own: GitLab takes none twice.
    const serial = Math.max(kept.serial, ...late.map((one) => one.serial)) + 1;
    const state = { ...parseState(kept.text, location), serial };
    const expectedSerial = found?.serial ?? null;
    await write({ state, text: stateToJson(state), expectedSerial }, writing, prove);
  }

  function refusalOf(answer: ApiResponse | TransportError): FleetformError {
    if (answer instanceof TransportError) return noAnswer(place, answer);
    return isPassing(answer)
      ? serverTrouble(place, place.state, answer)
      : refusal(place, place.state, answer);
  }

  return { read, write, settle };
}

function notKept({ location, state: { method } }: HttpStatePlace): FleetformError {
  return new FleetformError(
    'state.unlike',
    `${location} answers a write as if it were done, and does not give back what was written`,
    { hint: `Nothing was begun. Check the address and the method of updates (${method}).` },
  );
}

/** The address may have a query of its own. */
function withLock(endpoint: Endpoint, id: string): Endpoint {
  const url = new URL(endpoint.url);
  url.search = `${url.search === '' ? '?' : `${url.search}&`}ID=${encodeURIComponent(id)}`;
  return { ...endpoint, url };
}

/** A server that has answered has done its part; a gateway may have another behind it that has not. */
function mayBeUnderWay(answer: ApiResponse | TransportError): boolean {
  return answer instanceof TransportError ? answer.mayHaveBeenSent : [502, 503, 504].includes(answer.status);
}

function refuseOther(state: State, text: string, { late }: Writing, location: string): void {
  if (!late.some((one) => one.serial === state.serial && one.text !== text)) return;
  throw new FleetformError(
    'state.serial',
    `${location} may have got serial ${state.serial} already: the answer to that write was lost`,
    { hint: NOTHING_OVERWRITTEN },
  );
}

/** What is kept is an older write of this holder, which came late: whatever follows it holds all of it. */
function isOvertaken(kept: State | null, serial: number, late: readonly Sent[]): boolean {
  return kept !== null && kept.serial < serial && late.some((one) => isSame(kept, one.text));
}

function isOneOf(late: readonly Sent[], serial: number): boolean {
  return late.some((one) => one.serial === serial);
}

/** Otherwise it would be told as one of fleetform, of another version. */
function refuseTerraforms(body: string, location: string): void {
  if (!/^\s*\{\s*"version"\s*:\s*\d+\s*,\s*"terraform_version"/.test(body.slice(0, 200))) return;
  throw new FleetformError('state.invalid', `${location} is a state of Terraform, not of fleetform`, {
    hint: 'Nothing was changed. Give fleetform the address of a state of its own.',
  });
}

/** A server may have written the JSON anew, in its own layout. */
function isSame(kept: State | null, text: string): boolean {
  return kept !== null && isDeepStrictEqual(kept, JSON.parse(text));
}

/** GitLab hides a private project from who may not see it, as if it were not there. */
function isForeignProject({ status, body }: ApiResponse): boolean {
  return status === 404 && /^\s*\{\s*"message"\s*:\s*"404 Project Not Found"/i.test(body.slice(0, 200));
}
