/** ~/.pgpass, or the file that PGPASSFILE names: which password goes with a connection. */
import { statSync } from 'node:fs';
import { readKept } from '../../../files/read-file.ts';

export interface Login {
  /** `localhost` for every socket. */
  readonly host: string;
  readonly port: string;
  readonly database: string;
  readonly user: string;
}

/** null: none goes with it, or the file is one that libpq leaves alone: absent, or open to others. */
export function passwordIn(path: string, { host, port, database, user }: Login): string | null {
  let text: string;
  try {
    if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) return null;
    text = readKept(path);
  } catch {
    return null;
  }
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#')) continue;
    const fields = fieldsOf(line);
    const password = fields[4];
    const isIt = [host, port, database, user].every(
      (one, at) => fields[at]?.raw === '*' || fields[at]?.text === one,
    );
    if (isIt && password !== undefined) return password.text;
  }
  return null;
}

/** A backslash takes the next character as it is. */
function fieldsOf(line: string): { raw: string; text: string }[] {
  const raw = line.match(/(?<=^|:)(?:\\.|[^:\\])*/g) ?? [];
  return raw.map((field) => ({ raw: field, text: field.replace(/\\(.)/g, '$1') }));
}
