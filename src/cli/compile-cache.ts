/** Node 22.8 and up can keep compiled code between runs; Node 20 has no such thing. */
import * as module from 'node:module';

export function enableCompileCache(): void {
  const enable = (module as { enableCompileCache?: () => unknown }).enableCompileCache;
  enable?.();
}
