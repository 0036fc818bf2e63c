/**
 * What fleetform itself has written, recognised by its content: a record may have any name and be in any folder. Only
 * the keys of the outermost object are looked at, so that a record that is cut, or that has more than is read, is known.
 */
import { utf16 } from './text.ts';

export interface OwnRecord {
  /** As in "is a saved plan". */
  readonly what: string;
  /** What takes it; `name`: how the file was named. */
  readonly hint: (name: string) => string;
}

interface Kind extends OwnRecord {
  /** All of them stand in it. */
  readonly keys: readonly string[];
}

const NOTHING_TAKES_IT = () =>
  'fleetform writes it for its own use, or for other programs; it cannot be given to -f.';

const KINDS: readonly Kind[] = [
  {
    what: 'a saved plan',
    keys: ['formatVersion', 'fleetformVersion'],
    hint: (name) => `To apply it: fleetform apply ${name}. To read it: fleetform show ${name}.`,
  },
  {
    what: 'a recorded state',
    keys: ['version', 'lineage', 'serial'],
    hint: (name) => `To make it the recorded state: fleetform state push ${name}.`,
  },
  {
    what: 'the data of a sandbox',
    keys: ['version', 'seed', 'clockOffset', 'batches'],
    hint: NOTHING_TAKES_IT,
  },
  { what: 'a lock', keys: ['id', 'pid', 'host', 'operation'], hint: NOTHING_TAKES_IT },
  {
    what: 'a list of events',
    keys: ['type', 'fleetform', 'ui'],
    hint: () => 'It is the output of `apply --json`; no command reads it.',
  },
  ...[['valid', 'name', 'batches'], ['name', 'api', 'rows'], ['diagnostics']].map((keys) => ({
    what: 'the --json output of a command',
    keys,
    hint: NOTHING_TAKES_IT,
  })),
];

/** What has it is somebody's wish, however wrong otherwise, and never passed over; but for those that name it above. */
const WISH = 'batches';

/** `bytes`: of a file, from its beginning. undefined: none of ours. */
export function ownRecordIn(bytes: Buffer): OwnRecord | undefined {
  // As PowerShell saves it; whether it can be read so is for those who want its text.
  const keys = outermostKeys(bytes.toString(utf16(bytes) === undefined ? 'utf8' : 'utf16le'));
  return KINDS.find((kind) => {
    const isAll = kind.keys.every((key) => keys.has(key));
    return isAll && (!keys.has(WISH) || kind.keys.includes(WISH));
  });
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:]/g;

/** Of the first object that the text begins with, as far as it goes, or up to the wish. */
function outermostKeys(text: string): Set<string> {
  const keys = new Set<string>();
  if (!/^[\s\ufeff]*\{/.test(text)) return keys;
  let depth = 0;
  let last = '';
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    else if (token === ':' && depth === 1) keys.add(last.slice(1, -1));
    if (depth === 0 || keys.has(WISH)) break;
    last = token;
  }
  return keys;
}
