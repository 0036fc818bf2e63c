/**
 * Names of hosts → addresses, for the connections. The system's look-up (getaddrinfo) cannot be cancelled, keeps the
 * process, and has one of four threads, which reading files and the state needs as well.
 *
 * Invariants: one look-up serves all that ask the same at the same time. Nothing is looked up for what nobody has asked
 * for yet before the name server is known to answer; that question can be cancelled.
 */
import dns from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';

/** Resolves with whether looking the name up would be answered; anything that is aborted is of no interest. */
export type IsAnswering = (host: string, signal: AbortSignal) => Promise<boolean>;

/** Milliseconds. Later, a connection that is opened ahead is of little use. */
const LONGEST_QUESTION = 500;

export function sharedLookup(lookup: LookupFunction = dns.lookup as LookupFunction): LookupFunction {
  type Told = Parameters<LookupFunction>[2];
  const pending = new Map<string, Told[]>();
  return (host, options, callback) => {
    const key = JSON.stringify([host, options]);
    const others = pending.get(key);
    if (others !== undefined) {
      others.push(callback);
      return;
    }
    const all = [callback];
    pending.set(key, all);
    lookup(host, options, (...answer) => {
      pending.delete(key);
      for (const told of all) told(...answer);
    });
  };
}

/** Needs no name server. */
export function isLocal(host: string): boolean {
  return isIP(host) !== 0 || host === 'localhost';
}

/**
 * Only whether: the address is the system's to tell, which knows /etc/hosts and more. Both families, as it asks for
 * both; of the first server alone, as it waits seconds for that before it asks the next.
 */
export const isAnswering: IsAnswering = async (host, signal) => {
  const resolver = new dns.promises.Resolver();
  resolver.setServers(resolver.getServers().slice(0, 1));
  const cancel = () => resolver.cancel();
  const timer = setTimeout(cancel, LONGEST_QUESTION);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    return answers.every((answer) => answer.status === 'fulfilled' || isAnswer(answer.reason));
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
  }
};

/** That there is no such name is an answer, too. */
function isAnswer({ code }: NodeJS.ErrnoException): boolean {
  return code === dns.NODATA || code === dns.NOTFOUND;
}
