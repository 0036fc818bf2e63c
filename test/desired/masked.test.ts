/** No message shows a credential that a file holds, whether it is what is wrong there or stands beside it. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { masked, withoutPassword } from '../../src/desired/masked.ts';
import { HEAD, load, refusal } from './scratch.ts';

const it = suite('desired: masked');

const SECRET = 'hunter2';
const LINES = [
  'api: { url: https://user:SECRET@api.example.net }',
  'api: { url: "https://SECRET@api.example.net" }',
  'api: { url: "https:user:SECRET@api.example.net" }',
  'api: { url: "https://user:p@SECRET/x@api.example.net" }',
  'api: { url: "user:SECRET@api.example.net" }',
  'api: https://user:SECRET@api.example.net',
  `api: { url: "https://user:SECRET${'x'.repeat(300)}@api.example.net" }`,
  `api: { url: "https://user:SECRET${'x'.repeat(2100)}@api.example.net" }`,
  'token: SECRET',
  'api: { url: https://api.example.net, token: SECRET }',
  'api: { token: "SECRET", uri: x }',
  'apiToken: SECRET, and, more',
  'API_KEY: "a \\" SECRET"',
  "password : 'SECRET'",
  'client-secret: { value: SECRET }',
  `x: { ${'a: b, '.repeat(40)}token: SECRET }`,
  `x: { token: ${'y'.repeat(150)}SECRET${'y'.repeat(150)}, b: c }`,
  'headers: [ "Authorization: Bearer SECRET" ]',
];

for (const line of LINES) {
  it(line.slice(0, 70), async () => {
    const text = `${HEAD}${line.replace('SECRET', SECRET)}\nbatches: {}\n`;
    const told = await refusal(load(text));
    assert.ok(told.length > 0);
    assert.not.match(JSON.stringify(told), SECRET);
  });
}

it('a JSON file is no other', async () => {
  const text = JSON.stringify({ version: 1, name: 'n', apiToken: SECRET, batches: {} });
  assert.not.match(JSON.stringify(await refusal(load(text))), SECRET);
});

it('the rest of the line, and every place in it, stays', () => {
  for (const [line, expected] of [
    ['a: { token: abc, template: T } # x', 'a: { token: ***, template: T } # x'],
    ['  url: https://u:p@host/x', '  url: https://***@host/x'],
    ['password: "a\\"b" # c', 'password: "****" # c'],
    ['vars: { token: null, b: 1 }', 'vars: { token: null, b: 1 }'],
    ['  token: "$' + '{var.token}"', '  token: "$' + '{var.token}"'],
    ['  secrets:', '  secrets:'],
    ['  template: Rotate the token', '  template: Rotate the token'],
    ['  url: https://api.i3d.net', '  url: https://api.i3d.net'],
    ['  mail: a@b.example', '  mail: a@b.example'],
  ] as const) {
    assert.is(masked(line), expected);
    assert.is(expected.length, line.length);
  }
  assert.is(withoutPassword('https://u:p@host'), 'https://…@host');
  assert.is(withoutPassword('a@b'), 'a@b');
});

it.run();
