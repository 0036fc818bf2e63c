/**
 * The look-up of the receiver's name, which must not keep the process: that of the system cannot be cancelled, so it is
 * only asked once a name server has answered the same question, be it with a no.
 */
import dns from 'node:dns';
import type { LookupFunction } from 'node:net';

/** Milliseconds. */
const PATIENCE = 2000;

export function endingLookup(stop: AbortSignal): LookupFunction {
  return (host, options, callback) => {
    isAnswered(host, stop).then(
      (isSo) => (isSo ? dns.lookup(host, options, callback) : callback(unanswered(), '')),
      () => callback(unanswered(), ''),
    );
  };
}

async function isAnswered(host: string, stop: AbortSignal): Promise<boolean> {
  if (host === 'localhost') return true;
  const resolver = new dns.promises.Resolver({ timeout: PATIENCE, tries: 1 });
  const cancel = () => resolver.cancel();
  stop.addEventListener('abort', cancel, { once: true });
  try {
    const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    return !stop.aborted && answers.every((one) => one.status === 'fulfilled' || !isSilence(one.reason));
  } finally {
    stop.removeEventListener('abort', cancel);
  }
}

function isSilence({ code }: NodeJS.ErrnoException): boolean {
  return code === dns.TIMEOUT || code === dns.CANCELLED;
}

function unanswered(): NodeJS.ErrnoException {
  return Object.assign(new Error('no name server answers'), { code: 'EAI_AGAIN' });
}
