/**
 * SIGINT, SIGTERM, and SIGHUP (a closed terminal). The first asks to stop: nothing more is sent, every wait ends, what is
 * in flight is finished and recorded.
 * The second ends the process at once; what it leaves behind is what a crash leaves, and the next apply heals it.
 */
export const INTERRUPTED_EXIT = 130;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface StopOnSignal {
  readonly signal: AbortSignal;
  dispose(): void;
}

export function stopOnSignal(onFirst: (name: string) => void): StopOnSignal {
  const controller = new AbortController();
  const handle = (name: string) => {
    if (controller.signal.aborted) process.exit(INTERRUPTED_EXIT);
    controller.abort();
    onFirst(name);
  };
  for (const name of SIGNALS) process.on(name, handle);
  return {
    signal: controller.signal,
    dispose() {
      for (const name of SIGNALS) process.off(name, handle);
    },
  };
}
