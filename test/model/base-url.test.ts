import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createHttpTransport } from '../../src/api/http.ts';
import { resolveOrigin } from '../../src/api/origin.ts';
import { baseUrlText, judgeBaseUrl } from '../../src/model/base-url.ts';
import { load, refusal } from '../desired/scratch.ts';

const it = suite('base URL');

/** [the text, what it is as a base URL, and as the origin that a file may say]; what is no URL here names the fault */
const CASES: readonly (readonly [string, string, string])[] = [
  ['https://api.i3d.net', 'https://api.i3d.net', 'https://api.i3d.net'],
  ['https://api.i3d.net/', 'https://api.i3d.net', 'https://api.i3d.net'],
  ['https://api.i3d.net//', 'https://api.i3d.net', 'path'],
  ['https://api.i3d.net/v3', 'https://api.i3d.net/v3', 'path'],
  ['https://api.i3d.net/v3/', 'https://api.i3d.net/v3', 'path'],
  ['https://api.i3d.net/v3/..', 'https://api.i3d.net', 'https://api.i3d.net'],
  ['https://api.i3d.net:443', 'https://api.i3d.net', 'https://api.i3d.net'],
  ['https://api.i3d.net:8443', 'https://api.i3d.net:8443', 'https://api.i3d.net:8443'],
  ['https://api.i3d.net:99999', 'no-url', 'no-url'],
  ['HTTPS://API.I3D.NET', 'https://api.i3d.net', 'https://api.i3d.net'],
  ['https://api.i3d.net.', 'https://api.i3d.net.', 'https://api.i3d.net.'],
  ['https://bücher.example', 'https://xn--bcher-kva.example', 'https://xn--bcher-kva.example'],
  ['https://[2001:DB8::1]:8443', 'https://[2001:db8::1]:8443', 'https://[2001:db8::1]:8443'],
  ['  https://api.i3d.net ', 'https://api.i3d.net', 'https://api.i3d.net'],
  ['https://api .i3d.net', 'no-url', 'no-url'],
  ['https://api.\ti3d.net', 'no-url', 'no-url'],
  ['https://api.i3d\n.net', 'no-url', 'no-url'],
  ['api.i3d.net', 'no-url', 'no-url'],
  ['https://', 'no-url', 'no-url'],
  ['', 'no-url', 'no-url'],
  ['ftp://api.i3d.net', 'scheme', 'scheme'],
  ['file:///etc/passwd', 'scheme', 'scheme'],
  ['api.i3d.net:443', 'scheme', 'scheme'],
  ['https://me:geheim@api.i3d.net', 'credentials', 'credentials'],
  ['https://geheim@api.i3d.net', 'credentials', 'credentials'],
  ['https://:geheim@api.i3d.net', 'credentials', 'credentials'],
  ['https:\\\\me:geheim@api.i3d.net', 'credentials', 'credentials'],
  ['ftp://me:geheim@api.i3d.net', 'credentials', 'credentials'],
  ['https://me:geheim/x@api.i3d.net', 'no-url', 'no-url'],
  ['https://api.i3d.net@evil.example', 'credentials', 'credentials'],
  ['https://api.i3d.net?a=1', 'query', 'query'],
  ['https://api.i3d.net?', 'query', 'query'],
  ['https://api.i3d.net/#x', 'query', 'query'],
  ['https://api.i3d.net#', 'query', 'query'],
  ['http://api.i3d.net', 'insecure', 'insecure'],
  ['http://localhost.', 'insecure', 'insecure'],
  ['http://localhost.example', 'insecure', 'insecure'],
  ['http://127.0.0.1.example', 'insecure', 'insecure'],
  ['http://128.0.0.1', 'insecure', 'insecure'],
  ['http://0.0.0.0', 'insecure', 'insecure'],
  ['http://[::2]', 'insecure', 'insecure'],
  ['http://[::ffff:127.0.0.1]', 'insecure', 'insecure'],
  ['http://LOCALHOST:8080/', 'http://localhost:8080', 'http://localhost:8080'],
  ['http://127.1', 'http://127.0.0.1', 'http://127.0.0.1'],
  ['http://2130706433', 'http://127.0.0.1', 'http://127.0.0.1'],
  ['http://127.0.0.1./', 'http://127.0.0.1', 'http://127.0.0.1'],
  ['http://[0:0::1]:1', 'http://[::1]:1', 'http://[::1]:1'],
  ['http://127.9.9.9/x', 'http://127.9.9.9/x', 'path'],
];

const FAULTS = {
  'is not a URL': 'no-url',
  'begins with': 'scheme',
  'contains a user name': 'credentials',
  'has a query': 'query',
  'has a path': 'path',
  'uses plain http': 'insecure',
};

function said(judged: ReturnType<typeof judgeBaseUrl>): string | undefined {
  if (judged instanceof URL) return baseUrlText(judged);
  return Object.entries(FAULTS).find(([words]) => judged.why.startsWith(words))?.[1];
}

const isUrl = (expected: string) => expected.includes('://');

for (const [text, base, origin] of CASES) {
  it(`${JSON.stringify(text)}: ${base}; in a file: ${origin}`, () => {
    assert.is(said(judgeBaseUrl(text, 'base')), base);
    assert.is(said(judgeBaseUrl(text, 'origin')), origin);
  });
}

for (const [text, base] of CASES) {
  it(`the client and FLEETFORM_API_URL take ${JSON.stringify(text)} or refuse it`, () => {
    const open = () => createHttpTransport({ baseUrl: text, env: {} }).close();
    const named = () => resolveOrigin({ flag: text, env: {}, file: { kind: 'sandbox' }, hasToken: true });
    if (isUrl(base)) {
      open();
      // Every request brings the version itself.
      if (base.endsWith('/v3')) assert.throws(named, /\/v3/);
      else assert.is(named().origin, base);
      return;
    }
    assert.throws(open, keepsSecret);
    // Empty is as good as not given.
    if (text !== '') assert.throws(named, keepsSecret);
  });
}

for (const [text, , origin] of CASES) {
  it(`validate and the client agree on ${JSON.stringify(text)} in a file`, async () => {
    const file = `version: 1\nname: live-ops\napi: { url: ${JSON.stringify(text)} }\nbatches: {}\n`;
    const client = () =>
      resolveOrigin({ env: {}, file: { kind: 'http', url: text }, hasToken: false }).origin;
    if (isUrl(origin)) {
      assert.equal((await load(file)).api, { kind: 'http', url: origin });
      assert.is(client(), origin);
      return;
    }
    const found = await refusal(load(file));
    // The line of the file is shown beside it, as it stands there.
    assert.ok(found.every(keepsSecret));
    assert.throws(client, keepsSecret);
  });
}

function keepsSecret({ message }: { message: string }): boolean {
  assert.not.match(message, 'geheim');
  return true;
}

it.run();
