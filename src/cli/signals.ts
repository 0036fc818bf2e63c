/**
 * SIGINT and SIGTERM. The first asks to stop: nothing new is begun, what is in flight is finished and recorded.
 * The second ends the process at once; what it leaves behind is what a crash leaves, and the next apply heals it.
 */
export const INTERRUPTED_EXIT = 130;

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
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  return {
    signal: controller.signal,
    dispose() {
      process.off('SIGINT', handle);
      process.off('SIGTERM', handle);
    },
  };
}
