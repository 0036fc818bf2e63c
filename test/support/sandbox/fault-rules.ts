/** Which requests meet which fault: rules in order, counted, so that a test can tell that each of them struck. */
import type { ApiRequest, Method } from '../../../src/api/port.ts';
import type { Fault } from './fault.ts';

export interface FaultRule {
  readonly method?: Method | readonly Method[];
  /** The path without its query, or a pattern of path and query. */
  readonly path?: string | RegExp;
  readonly matches?: (request: ApiRequest) => boolean;
  /** Strikes only the n-th (or these) of the requests that it fits, counted from 1. */
  readonly nth?: number | readonly number[];
  /** Strikes every n-th of the requests that it fits. */
  readonly every?: number;
  /** Strikes at most so often. */
  readonly times?: number;
  readonly fault: Fault;
}

export interface Strike {
  /** The index of its rule. */
  readonly rule: number;
  readonly request: ApiRequest;
  readonly fault: Fault;
}

export interface FaultRules {
  /** For the server and for `faultyTransport`; counts the request. */
  readonly faultFor: (request: ApiRequest) => Fault | undefined;
  /** All that struck, in order. */
  readonly strikes: readonly Strike[];
  /** How many requests each rule fitted, struck or not. */
  readonly fitted: readonly number[];
  /** How often each rule struck. */
  readonly struck: readonly number[];
}

/** The first rule that strikes decides; the others count the request anyway. */
export function faultRules(rules: readonly FaultRule[]): FaultRules {
  const fitted = rules.map(() => 0);
  const struck = rules.map(() => 0);
  const strikes: Strike[] = [];
  return {
    strikes,
    fitted,
    struck,
    faultFor(request) {
      let strike: Strike | undefined;
      rules.forEach((rule, i) => {
        if (!fits(rule, request)) return;
        fitted[i]! += 1;
        if (strike !== undefined || !isDue(rule, fitted[i]!, struck[i]!)) return;
        struck[i]! += 1;
        strike = { rule: i, request, fault: rule.fault };
      });
      if (strike !== undefined) strikes.push(strike);
      return strike?.fault;
    },
  };
}

function fits({ method, path, matches }: FaultRule, request: ApiRequest): boolean {
  if (method !== undefined && ![method].flat().includes(request.method)) return false;
  if (typeof path === 'string' && request.path.split('?')[0] !== path) return false;
  // Not `test`: a pattern with a `g` flag would remember where it was.
  if (path instanceof RegExp && request.path.search(path) < 0) return false;
  return matches === undefined || matches(request);
}

function isDue({ nth, every, times }: FaultRule, count: number, struck: number): boolean {
  if (nth !== undefined && ![nth].flat().includes(count)) return false;
  if (every !== undefined && count % every !== 0) return false;
  return times === undefined || struck < times;
}
