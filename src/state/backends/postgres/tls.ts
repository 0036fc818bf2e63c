/**
 * sslmode and its files → what TLS has to prove, with libpq's meaning of each: `require` encrypts and trusts whoever
 * answers, unless there is a root certificate; `verify-ca` and `verify-full` want one.
 */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import type { FleetformError } from '../../../model/errors.ts';
import { safeText } from '../../../model/safe-text.ts';
import { badAddress } from '../../errors.ts';
import type { Parameters } from './parameters.ts';

export type Tls =
  | { readonly use: 'never' }
  /** `if-offered`: without it where the server has none. */
  | { readonly use: 'if-offered' | 'always'; readonly options: ConnectionOptions };

const MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];

/** Throws `state.bad-address`, naming the parameter or the file. */
export function tlsFrom(parameters: Parameters, host: string, home: string): Tls {
  const { sslrootcert, sslcert, sslkey } = parameters;
  const isSystem = sslrootcert === 'system';
  const mode = parameters.sslmode ?? (isSystem ? 'verify-full' : 'prefer');
  if (!MODES.includes(mode))
    throw wrong(`sslmode is "${safeText(mode, 40)}", not one of ${MODES.join(', ')}`);
  if (mode === 'disable') return { use: 'never' };
  if (isSystem && mode !== 'verify-full')
    throw wrong(`sslrootcert=system needs sslmode=verify-full, not ${mode}`);
  const path = sslrootcert ?? join(home, '.postgresql', 'root.crt');
  const wantsRoots = ['require', 'verify-ca', 'verify-full'].includes(mode);
  const roots = isSystem || !wantsRoots ? null : fileAt(path, sslrootcert !== undefined);
  if (roots === null && !isSystem && mode.startsWith('verify'))
    throw wrong(
      `sslmode=${mode} needs the certificate that signs the server's, and ${safeText(path, 300)} does not exist`,
    );
  const isVerified = isSystem || roots !== null;
  const options: ConnectionOptions = {
    rejectUnauthorized: isVerified,
    ...(roots === null ? {} : { ca: roots }),
    ...(isVerified && mode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
    ...(sslcert === undefined ? {} : { cert: fileAt(sslcert, true)! }),
    ...(sslkey === undefined ? {} : { key: fileAt(sslkey, true)! }),
    ...(isIP(host) === 0 ? { servername: host } : { host }),
  };
  return { use: mode === 'allow' || mode === 'prefer' ? 'if-offered' : 'always', options };
}

/** null: there is none. */
function fileAt(path: string, isNamed: boolean): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!isNamed && code === 'ENOENT') return null;
    throw wrong(`${safeText(path, 300)} cannot be read (${code})`);
  }
}

function wrong(what: string): FleetformError {
  return badAddress(
    `the TLS of the state's database: ${what}`,
    'PGSSLROOTCERT (or sslrootcert in the URL) names the file of that certificate; `system` stands for the public ones. ' +
      'PGSSLMODE=require encrypts without verifying who answers.',
  );
}
