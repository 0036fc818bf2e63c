/**
 * What was written → the disk, by the file's number: where packages lie in archives (Plug'n'Play), Node's own handles are
 * replaced by ones that cannot do it, and the calls by number are Node's still.
 */
import { fdatasync, fsync } from 'node:fs';

interface Open {
  readonly fd: number;
}

export function sync({ fd }: Open): Promise<void> {
  return done((then) => fsync(fd, then));
}

/** The content alone, and as much of the rest as it takes to read it. */
export function syncContent({ fd }: Open): Promise<void> {
  return done((then) => fdatasync(fd, then));
}

function done(call: (then: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => call((error) => (error === null ? resolve() : reject(error))));
}
