/** The inventory's two lists, with the paging of each: a token for game servers, a range for fleets. */
import type { ApiRequest } from '../api/port.ts';
import { type Answer, refuse } from './answer.ts';
import type { View } from './wire.ts';

const DEFAULT_RESULTS = 25;
const MOST_RESULTS = 1000;

export function listInstances(request: ApiRequest, view: View): Answer {
  const filters = new URL(request.path, 'http://sandbox').searchParams.get('filters') ?? '';
  const wanted = new Map<string, string>();
  for (const part of filters === '' ? [] : filters.split(/\s+and\s+/)) {
    const match = /^(fleetId|regionId|id)=(.*)$/.exec(part);
    if (match === null) return refuse(422, `the filter ${part} is not understood`);
    wanted.set(match[1]!, match[2]!);
  }
  const found = view.world.servers.filter((server) =>
    [...wanted].every(([name, value]) => server[name as 'id' | 'fleetId' | 'regionId'] === value),
  );
  const token = header(request, 'page-token');
  const start = token === undefined ? 0 : startOf(token, filters);
  if (start === undefined) return refuse(410, 'the page token has expired');
  const results = Number(/results=(\d+)/.exec(header(request, 'ranged-data') ?? '')?.[1] ?? DEFAULT_RESULTS);
  const end = start + Math.min(Math.max(1, results), MOST_RESULTS);
  const page = found.slice(start, end).map(({ id, fleetId, regionId }) => ({ id, fleetId, regionId }));
  const headers: Record<string, string> = end < found.length ? { 'page-token': tokenOf(end, filters) } : {};
  return { status: 200, body: page, headers };
}

export function listFleets(request: ApiRequest, view: View): Answer {
  const range = header(request, 'ranged-data') ?? '';
  const start = Number(/start=(\d+)/.exec(range)?.[1] ?? 0);
  const results = Number(/results=(\d+)/.exec(range)?.[1] ?? DEFAULT_RESULTS);
  return { status: 200, body: view.world.fleets.slice(start, start + results) };
}

function tokenOf(start: number, filters: string): string {
  return Buffer.from(JSON.stringify([start, filters])).toString('base64url');
}

/** undefined: it is no token of ours, or one of another list. */
function startOf(token: string, filters: string): number | undefined {
  try {
    const [start, of] = JSON.parse(Buffer.from(token, 'base64url').toString()) as [number, string];
    return of === filters && Number.isInteger(start) ? start : undefined;
  } catch {
    return undefined;
  }
}

function header(request: ApiRequest, name: string): string | undefined {
  return Object.entries(request.headers).find(([key]) => key.toLowerCase() === name)?.[1];
}
