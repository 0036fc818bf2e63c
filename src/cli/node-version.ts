/**
 * Whether this Node can run fleetform. It is asked before anything else, in the entry alone, whose syntax the build keeps
 * as old as the Nodes that are to read it: an older one says so, and not what it happens to miss.
 */

/** As `engines` of package.json has it. */
const OLDEST = 20;

/** `found`: as `process.versions.node` has it. undefined: it can. */
export function nodeTooOld(found: string): string | undefined {
  return Number.parseInt(found, 10) < OLDEST
    ? `fleetform needs Node ${OLDEST} or newer; this is ${found}`
    : undefined;
}
