/** Trouble of the machine (no permission, a full disk, too many open files) as a message: it is not a bug of ours. */
import { FleetformError } from './errors.ts';

/** What is to be done about it, where that is not plain from the words. */
const HINTS: Readonly<Record<string, string>> = {
  EACCES: 'Run it as the owner of the file and its folder, or give this user permission.',
  EPERM: 'Run it as the owner of the file and its folder, or give this user permission.',
  EROFS: 'Run it where the folder can be written, or keep the state elsewhere (`state` in the file).',
  ENOSPC: 'Free some space and run it again: what was recorded is kept.',
  EDQUOT: 'Free some space and run it again: what was recorded is kept.',
  ENOTDIR: 'Part of the path is a file, not a folder.',
  EEXIST: 'Something else is in the place of a fleetform file or folder.',
  EMFILE: 'Raise the limit of open files (`ulimit -n`).',
  ENFILE: 'Raise the system-wide limit of open files.',
  ENAMETOOLONG: 'A name in the path is longer than the file system allows.',
  ELOOP: 'A link in the path leads back to itself.',
  EBUSY: 'Something else is using it. Try again when it has finished.',
  ETXTBSY: 'Something else is running it. Try again when it has finished.',
  EIO: 'The disk does not respond properly.',
};

const UNWRITABLE: typeof HINTS = {
  ENOENT: 'Its folder does not exist: create it first.',
  EISDIR: 'It is a folder: name a file in it.',
  EROFS: 'Name a file in a folder that can be written.',
  ENOSPC: 'Free some space and run it again.',
  EDQUOT: 'Free some space and run it again.',
};

/** A file that was to be written; `name`: how it was named; `code`: of the error that comes of it. */
export function unwritable(name: string, error: unknown, code = 'cli.unwritable'): unknown {
  const { code: said } = error as NodeJS.ErrnoException;
  if (said === undefined || error instanceof FleetformError) return error;
  const hint = UNWRITABLE[said] ?? HINTS[said];
  return new FleetformError(code, `${name} cannot be written (${said})`, {
    ...(hint === undefined ? {} : { hint }),
    cause: error,
  });
}

/** null: it is nothing that the system said. Errors of the system carry its code and the call that failed. */
export function machineError(error: unknown): FleetformError | null {
  if (error instanceof FleetformError || !(error instanceof Error)) return null;
  const { code, syscall, path, message } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string' || typeof syscall !== 'string' || !/^E[A-Z0-9]+$/.test(code)) return null;
  if (syscall === 'uv_cwd') {
    return new FleetformError('machine.no-folder', 'the working folder is gone', {
      hint: 'Change into one that exists, or name it with --chdir.',
      cause: error,
    });
  }
  const words = new RegExp(`^${code}: ([^,]+)`).exec(message)?.[1] ?? message;
  const where = path === undefined ? '' : `${path}: `;
  const hint = HINTS[code];
  return new FleetformError('machine.error', `${where}${words} (${code}, ${syscall})`, {
    ...(hint === undefined ? {} : { hint }),
    cause: error,
  });
}
