/**
 * The very edge: whatever is written to stdout or stderr, by whom ever, passes through here, and no credential that
 * the process knows gets past it. The second net; the first takes the key out of every answer (`api/send.ts`).
 *
 * Each write is checked on its own: everything here writes whole lines or whole reports, none a word in two halves.
 */
import { type Redactor, redactJson } from '../model/redactor.ts';
import type { World } from './session.ts';

export function redactedWorld(world: World, { redact }: Redactor): World {
  const safe = (text: string) => redactJson(text, redact);
  const { env } = world;
  const [stdout, stderr] = [redactedStream(world.stdout, safe), redactedStream(world.stderr, safe)];
  return {
    get cwd() {
      return world.cwd;
    },
    env,
    get stdin() {
      return world.stdin;
    },
    stdout,
    stderr,
  };
}

function redactedStream(stream: NodeJS.WriteStream, safe: (text: string) => string): NodeJS.WriteStream {
  const safeChunk = (chunk: unknown) => {
    if (typeof chunk === 'string') return safe(chunk);
    return chunk instanceof Uint8Array ? safe(Buffer.from(chunk).toString()) : chunk;
  };
  return new Proxy(stream, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (name !== 'write' && name !== 'end') return value.bind(target);
      return (chunk: unknown, ...rest: unknown[]) => value.call(target, safeChunk(chunk), ...rest);
    },
  });
}
