/**
 * The environment → the proxy for one target, by the same rules as curl. Pure.
 *
 * Our own, because axios and Node read `process.env`, send loopback addresses through the proxy by default,
 * and don't know that NO_PROXY=example.com means its subdomains as well.
 */

import { isLoopback } from '../model/base-url.ts';
import { FleetformError } from '../model/errors.ts';
import type { Env } from './origin.ts';

/** null: straight there. Lower case beats upper case. Throws `api.proxy` for a proxy that cannot be used. */
export function proxyFor(target: URL, env: Env): URL | null {
  if (target.protocol !== 'https:' || isLoopback(target)) return null;
  const text = env.https_proxy || env.HTTPS_PROXY || env.all_proxy || env.ALL_PROXY;
  if (!text || isExempt(target, env.no_proxy || env.NO_PROXY || '')) return null;
  const proxy = text.includes('://') ? text : `http://${text}`;
  if (!URL.canParse(proxy) || !/^https?:$/.test(new URL(proxy).protocol)) {
    throw new FleetformError('api.proxy', 'the proxy that HTTPS_PROXY names cannot be used', {
      hint: 'Allowed: http://[USER:PASSWORD@]HOST:PORT or https://… .',
    });
  }
  return new URL(proxy);
}

function isExempt(target: URL, noProxy: string): boolean {
  const host = target.hostname.replace(/^\[|\]$/g, '');
  const port = target.port || '443';
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const parts = /^\[?(.*?)\]?(?::(\d+))?$/.exec(isBareIpv6(entry) ? `[${entry}]` : entry);
      const name = (parts?.[1] ?? '').replace(/^\*?\./, '');
      if (name === '' || (parts?.[2] !== undefined && parts[2] !== port)) return false;
      return host === name || host.endsWith(`.${name}`);
    });
}

function isBareIpv6(entry: string): boolean {
  return entry.split(':').length > 2 && !entry.startsWith('[');
}
