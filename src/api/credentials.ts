/**
 * The environment → every credential that it holds, for the redactor. Reads what it can and throws nothing: what is
 * wrong with a key is reported by the code that needs one (`readToken`).
 */
import { readFile, stat } from 'node:fs/promises';
import type { Env } from './origin.ts';

/** Bytes. What is larger is no file of a key. */
const LARGEST_FILE = 65_536;

/** Of the user info of a proxy, the password: a name is no secret. */
export async function credentialsOf(env: Env): Promise<string[]> {
  const proxies = [
    env.https_proxy,
    env.HTTPS_PROXY,
    env.http_proxy,
    env.HTTP_PROXY,
    env.all_proxy,
    env.ALL_PROXY,
  ];
  const file = env.FLEETFORM_TOKEN_FILE ? await wordIn(env.FLEETFORM_TOKEN_FILE) : '';
  const hook = env.FLEETFORM_NOTIFY_URL ?? '';
  const passwords = proxies.flatMap((proxy) => passwordsOf(proxy ?? ''));
  return [
    ...[env.FLEETFORM_TOKEN ?? '', file].flatMap(wordsOf),
    ...secretsOfUrl(hook),
    ...passwords.filter(({ length }) => length >= SHORTEST_PASSWORD),
  ];
}

/** Shorter ones are words (`password`) that stand in names and params, too. */
const SHORTEST_PASSWORD = 12;

/** Who has a webhook's URL can write there: as a whole, what follows its host, and the words that only it has. */
function secretsOfUrl(text: string): string[] {
  if (!URL.canParse(text)) return text.length >= SHORTEST_WORD ? [text] : [];
  const url = new URL(text);
  const rest = `${url.pathname}${url.search}`;
  if (rest === '/') return [];
  const words = rest.split(/[/?&=]+/).filter(({ length }) => length >= SHORTEST_PART);
  return [text, url.href, ...(rest.length >= SHORTEST_PART ? [rest] : []), ...words];
}

/** Of a URL: shorter parts are names. */
const SHORTEST_PART = 16;

/** As it is there, and each word of it: a line break, quotes or `Bearer` around a key make it no less of one. */
function wordsOf(text: string): string[] {
  const words = text.split(/[\s"'`=:,;\ufeff\u00a0]+/).filter(({ length }) => length >= SHORTEST_WORD);
  return text === '' ? [] : [...new Set([text, text.trim(), ...words])];
}

const SHORTEST_WORD = 12;

/** A pipe can be read once only: it is left for `readToken`, which tells the redactor then. */
async function wordIn(path: string): Promise<string> {
  try {
    const found = await stat(path);
    return found.isFile() && found.size <= LARGEST_FILE ? await readFile(path, 'utf8') : '';
  } catch {
    return '';
  }
}

/** As it is written, and as it is sent. */
function passwordsOf(proxy: string): string[] {
  const written = /^(?:[a-z][a-z\d+.-]*:\/\/)?[^@/]*?:([^/]*)@/i.exec(proxy)?.[1] ?? '';
  try {
    return [written, decodeURIComponent(written)];
  } catch {
    return [written];
  }
}
