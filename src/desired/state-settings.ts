/** The file's `state` → where the state is kept, with the defaults filled in. Guards as in expand.ts. */
import { judgeBaseUrl } from '../model/base-url.ts';
import type { BackendKind, HttpStateSettings, StateSettings } from '../model/desired.ts';
import type { Placed } from './merge.ts';
import type { Problems } from './problems.ts';
import { quoted } from './quote.ts';
import { entryOf, type SourceNode } from './source.ts';

const KEYS: Readonly<Record<BackendKind, readonly string[]>> = {
  local: [],
  git: ['remote', 'ref'],
  http: ['address', 'lockAddress', 'unlockAddress', 'updateMethod', 'lockMethod', 'unlockMethod'],
  postgres: ['schema'],
};

/** `name`: of the state. */
export function readState(placed: Placed | undefined, name: string, problems: Problems): StateSettings {
  const text = (key: string) => textOf(placed, key, problems);
  const backend = text('backend');
  if (placed === undefined || backend === undefined || !isBackend(backend)) return { backend: 'local' };
  refuseKeysOfOthers(placed, backend, problems);
  switch (backend) {
    case 'local':
      return { backend };
    case 'git':
      return { backend, remote: text('remote') ?? 'origin', ref: text('ref') ?? `refs/fleetform/${name}` };
    case 'http':
      return { backend, ...readHttp(placed, problems) };
    case 'postgres':
      return { backend, schema: text('schema') ?? 'fleetform' };
  }
}

function isBackend(text: string): text is BackendKind {
  return Object.hasOwn(KEYS, text);
}

function refuseKeysOfOthers({ file, value }: Placed, backend: BackendKind, problems: Problems): void {
  if (value.kind !== 'map') return;
  for (const { key } of value.entries) {
    if (key.text === 'backend' || KEYS[backend].includes(key.text) || problems.isBlamed(key)) continue;
    const owner = Object.entries(KEYS).find(([, keys]) => keys.includes(key.text))?.[0];
    if (owner === undefined) continue;
    const own = KEYS[backend];
    problems.error(file, key, {
      code: 'desired.invalid-value',
      message: `"state.${key.text}" is a setting of the backend ${owner}, and "state.backend" is ${backend}`,
      hint:
        own.length === 0
          ? `The backend ${backend} has no settings.`
          : `The settings of ${backend} are ${own.join(', ')}.`,
    });
  }
}

function readHttp(placed: Placed, problems: Problems): HttpStateSettings {
  const settings: Record<string, string> = {};
  for (const key of KEYS.http) {
    const text = textOf(placed, key, problems);
    if (text === undefined) continue;
    settings[key] = text;
    if (key.toLowerCase().endsWith('address')) checkAddress(placed, key, text, problems);
  }
  return settings;
}

function checkAddress(placed: Placed, key: string, text: string, problems: Problems): void {
  const judged = judgeBaseUrl(text, 'request');
  if (judged instanceof URL) return;
  // Of a text that is no URL nobody can say where a password begins.
  const found = text.includes('@') ? 'a text' : quoted(text);
  problems.error(placed.file, nodeOf(placed, key) ?? placed.value, {
    code: 'desired.invalid-value',
    message: `"state.${key}" is ${found}, which ${judged.why}; expected a URL such as https://state.example.org/live-ops`,
    hint: 'A user name and a password come from FLEETFORM_STATE_HTTP_USERNAME and FLEETFORM_STATE_HTTP_PASSWORD.',
  });
}

function textOf(placed: Placed | undefined, key: string, problems: Problems): string | undefined {
  const node = nodeOf(placed, key);
  if (node?.kind !== 'scalar' || typeof node.value !== 'string' || problems.isBlamed(node)) return undefined;
  return node.value;
}

function nodeOf(placed: Placed | undefined, key: string): SourceNode | undefined {
  return entryOf(placed?.value, key)?.value;
}
