/** The inventory's two lists, with the paging of each: a token for game servers, a range for fleets. */
import type { ApiRequest } from '../api/port.ts';
import { type Answer, refuse } from './answer.ts';
import { extra, type View } from './wire.ts';

const DEFAULT_RESULTS = 25;
const MOST_RESULTS = 1000;
/** How long a page token is good for, in seconds. */
const TOKEN_SECONDS = 600;

export function listInstances(request: ApiRequest, view: View): Answer {
  const filters = new URL(request.path, 'http://sandbox').searchParams.get('filters') ?? '';
  const wanted: [string, string][] = [];
  for (const part of filters === '' ? [] : filters.split(/\s+and\s+/)) {
    const match = /^(fleetId|regionId|id)=(.*)$/.exec(part);
    if (match === null) return refuse(422, `the filter ${part} is not understood`);
    wanted.push([match[1]!, match[2]!]);
  }
  const found = view.world.servers.filter((server) =>
    wanted.every(([name, value]) => server[name as 'id' | 'fleetId' | 'regionId'] === value),
  );
  const token = header(request, 'page-token');
  const start = token === undefined ? 0 : startOf(token, filters, view.now);
  if (start === undefined) return refuse(410, 'the page token has expired');
  const end = start + resultsOf(request);
  const page = found
    .slice(start, end)
    .map(({ id, fleetId, regionId }) => ({ id, fleetId, regionId, ...extra(view.style) }));
  const headers: Record<string, string> =
    end < found.length ? { 'page-token': tokenOf(end, filters, view.now) } : {};
  return { status: 200, body: page, headers };
}

export function listFleets(request: ApiRequest, view: View): Answer {
  const start = Number(/start=(\d+)/.exec(header(request, 'ranged-data') ?? '')?.[1] ?? 0);
  const page = view.world.fleets.slice(start, start + resultsOf(request));
  return { status: 200, body: page.map((fleet) => ({ ...fleet, ...extra(view.style) })) };
}

function resultsOf(request: ApiRequest): number {
  const asked = /results=(\d+)/.exec(header(request, 'ranged-data') ?? '')?.[1];
  return Math.min(Math.max(1, Number(asked ?? DEFAULT_RESULTS)), MOST_RESULTS);
}

function tokenOf(start: number, filters: string, now: number): string {
  return Buffer.from(JSON.stringify([start, filters, now])).toString('base64url');
}

/** undefined: it is no token of ours, one of another list, or too old. */
function startOf(token: string, filters: string, now: number): number | undefined {
  try {
    const read = JSON.parse(Buffer.from(token, 'base64url').toString()) as [number, string, number];
    const [start, of, since] = read;
    return of === filters && Number.isInteger(start) && now - since <= TOKEN_SECONDS ? start : undefined;
  } catch {
    return undefined;
  }
}

function header(request: ApiRequest, name: string): string | undefined {
  return Object.entries(request.headers).find(([key]) => key.toLowerCase() === name)?.[1];
}
