/**
 * SIGINT, SIGTERM, and SIGHUP (a closed terminal). Where nothing is to be finished, they end the process with 130.
 * Where something is, the first asks to stop: nothing more is sent, every wait ends, what is in flight is finished and
 * recorded. The second ends the process at once; what it leaves behind is what a crash leaves, and the next apply
 * heals it.
 */
import { setMaxListeners } from 'node:events';

export const INTERRUPTED_EXIT = 130;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

type Handler = (name: string) => void;

/** The last one counts. */
const handlers: Handler[] = [];
let isListening = false;

export interface StopOnSignal {
  readonly signal: AbortSignal;
  dispose(): void;
}

let lastWords = '';

/** While it waits for what is to be read, be it from a pipe to which nobody writes, nothing has begun: that is said. */
export async function beforeAnything<T>(read: () => Promise<T>): Promise<T> {
  lastWords = 'Interrupted; nothing was started.\n';
  try {
    return await read();
  } finally {
    lastWords = '';
  }
}

/** From here on a signal ends the process with 130. */
export function exitOnSignal(): void {
  if (isListening) return;
  isListening = true;
  for (const name of SIGNALS) {
    process.on(name, () => {
      const handler = handlers.at(-1);
      if (handler !== undefined) return handler(name);
      if (lastWords !== '') process.stderr.write(lastWords);
      process.exit(INTERRUPTED_EXIT);
    });
  }
}

export function stopOnSignal(onFirst: Handler): StopOnSignal {
  const controller = new AbortController();
  // Each wait listens, and there may be thousands.
  setMaxListeners(0, controller.signal);
  const handle = (name: string) => {
    if (controller.signal.aborted) process.exit(INTERRUPTED_EXIT);
    controller.abort();
    onFirst(name);
  };
  exitOnSignal();
  handlers.push(handle);
  return {
    signal: controller.signal,
    dispose() {
      handlers.splice(handlers.indexOf(handle), 1);
    },
  };
}
