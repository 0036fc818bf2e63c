/** Where a process id means one process: this machine, this boot, this process namespace. */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

let place: string | undefined;

/** Eight hexadecimal digits, for the names of files that a killed process leaves behind. */
export function ownPlace(): string {
  if (place === undefined) {
    // Where the boot or the namespace cannot be told, no other process is known to be of this place.
    let within = randomBytes(16).toString('hex');
    try {
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
      within = `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
    } catch {}
    place = createHash('sha256').update(`${hostname()} ${within}`).digest('hex').slice(0, 8);
  }
  return place;
}
