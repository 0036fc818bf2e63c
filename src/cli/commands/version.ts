/** `fleetform version` */
import { version as fleetform } from '../../version.ts';
import type { Session } from '../session.ts';

export async function version(session: Session): Promise<number> {
  const { version: node, platform, arch } = process;
  if (session.flags.json === true) session.printJson({ fleetform, node, platform, arch });
  else session.print(`fleetform ${fleetform}\n`);
  return 0;
}
