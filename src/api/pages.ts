/**
 * The endpoint that answers in pages → whole lists. Whatever a server does with the paging headers, this ends,
 * and no row is in the list twice.
 */
import type { Id } from '../model/ids.ts';
import type { Fleet, Instance } from '../model/observed.ts';
import { readFleets, readInstances } from './answers.ts';
import { ApiError } from './errors.ts';
import type { ApiResponse } from './port.ts';
import { unreadable } from './refusal.ts';
import type { Call } from './send.ts';

export type Send = <T>(call: Call<T>) => Promise<T>;

const INSTANCES_A_PAGE = 1000;
/** Of 1,000 game servers, or of 25 where a server gives no more: 10,000 game servers are 10 pages, or 400. */
const MOST_PAGES = 1000;
const MOST_INSTANCES = 250_000;
const MOST_STARTS = 3;

export interface InstanceFilter {
  readonly fleetId?: Id;
  readonly regionId?: Id;
}

/** A PAGE-TOKEN that has expired (410) starts the list over, some times. */
export async function listInstances(send: Send, filter: InstanceFilter): Promise<Instance[]> {
  const path = `/v3/applicationInstance${filterQuery(filter)}`;
  for (let starts = 1; ; starts += 1) {
    try {
      const instances = await allPages(send, path);
      return instances.filter((instance) => isIn(instance, filter));
    } catch (error) {
      const isExpired = error instanceof ApiError && error.status === 410;
      if (!isExpired || starts >= MOST_STARTS) throw error;
    }
  }
}

async function allPages(send: Send, path: string): Promise<Instance[]> {
  const byId = new Map<Id, Instance>();
  const tokens = new Set<string>();
  const wrong = (found: string) => unreadable({ method: 'GET', path }, 200, found);
  for (let token = ''; ; ) {
    const page = await send({
      method: 'GET',
      path,
      headers: {
        'RANGED-DATA': `results=${INSTANCES_A_PAGE}`,
        ...(token === '' ? {} : { 'PAGE-TOKEN': token }),
      },
      read: (response) => ({ rows: readInstances(response.body), next: nextToken(response) }),
    });
    for (const instance of page.rows) byId.set(instance.id, instance);
    if (byId.size > MOST_INSTANCES)
      throw wrong(`more than ${MOST_INSTANCES.toLocaleString('en')} game servers`);
    if (page.next === '') return [...byId.values()];
    if (tokens.has(page.next)) throw wrong('the same PAGE-TOKEN twice, its pages would never end');
    if (tokens.size >= MOST_PAGES) throw wrong(`more than ${MOST_PAGES} pages`);
    tokens.add(page.next);
    token = page.next;
  }
}

function nextToken(response: ApiResponse): string {
  return response.headers['page-token']?.trim() ?? '';
}

function filterQuery({ fleetId, regionId }: InstanceFilter): string {
  const parts = [
    ...(fleetId === undefined ? [] : [`fleetId=${fleetId}`]),
    ...(regionId === undefined ? [] : [`regionId=${regionId}`]),
  ];
  return parts.length === 0 ? '' : `?filters=${encodeURIComponent(parts.join(' and '))}`;
}

/** A server that ignores the filter would make every game server one of this fleet. */
function isIn(instance: Instance, { fleetId, regionId }: InstanceFilter): boolean {
  const fits = (asked: Id | undefined, found: Id | null) =>
    asked === undefined || found === null || found === asked;
  return fits(fleetId, instance.fleetId) && fits(regionId, instance.regionId);
}

const FLEETS_A_PAGE = 100;
const MOST_FLEET_PAGES = 100;

/** Its pages are told by where they start. One that brings nothing new is the last, whatever a server does with that. */
export async function listFleets(send: Send): Promise<Fleet[]> {
  const byId = new Map<Id, Fleet>();
  for (let page = 0; page < MOST_FLEET_PAGES; page += 1) {
    const before = byId.size;
    const rows = await send({
      method: 'GET',
      path: '/v3/fleet',
      headers: { 'RANGED-DATA': `start=${before},results=${FLEETS_A_PAGE}` },
      read: ({ body }) => readFleets(body),
    });
    for (const fleet of rows) byId.set(fleet.id, fleet);
    if (byId.size === before) break;
  }
  return [...byId.values()];
}
