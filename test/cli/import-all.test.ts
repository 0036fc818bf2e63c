/** `import --all` as a process, over HTTP: what it writes, where it refuses to, and what a cut of it leaves. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fleetform, folder, inHours, KEY, type ServeOptions, serve } from '../support/cli.ts';

const it = suite('import --all as a process');
const IMPORT = ['import', '--all', '--name', 'live'];
const FILE = `version: 1\nname: mine\nbatches:\n  logs: { template: Collect logs, target: { fleet: "1394296486561117717" }, executeAt: ${inHours(24)} }\n`;

async function account(options: ServeOptions = {}, batches = 1) {
  const served = await serve(options);
  for (let n = 0; n < batches; n += 1) {
    const body = JSON.stringify({
      taskTemplateId: '9',
      fleetId: '1394296486561117717',
      executeAt: Math.floor(Date.now() / 1000) + 86_400 + n * 60,
    });
    const headers = { 'private-token': KEY, 'content-type': 'application/json' };
    const url = `${served.server.url}/v3/applicationInstance/task`;
    const answer = await fetch(url, { method: 'POST', headers, body });
    assert.is(answer.status, 200);
  }
  served.requests.length = 0;
  return served;
}

it('writes a file of which the next plan is empty, and says the same again; a full list is told', async () => {
  const { env, server, requests } = await account({}, 101);
  const cwd = folder();
  const { code, stdout, stderr } = await fleetform(IMPORT, cwd, env);
  assert.is(code, 0, stderr);
  assert.match(stderr, /The API lists the last 100 batches only/);
  assert.is(stdout.match(/: batch \d+/g)?.length, 100);
  assert.equal(readdirSync(join(cwd, '.fleetform')).sort(), ['.gitignore', 'live.state.json']);
  const plan = await fleetform(['plan', '--detailed-exitcode'], cwd, env);
  assert.is(plan.code, 0, plan.stdout);
  const again = await fleetform([...IMPORT, '--json'], cwd, env);
  assert.is(again.code, 0);
  assert.is(JSON.parse(again.stdout).bound.length, 100);
  assert.ok(requests.every(({ method }) => method === 'GET'));
  await server.close();
});

it('beside a desired state, in this folder or above, nothing is asked and nothing written', async () => {
  const { env, server, requests } = await account();
  for (const name of ['fleetform.yaml', 'fleetform.yml', 'fleetform.json']) {
    const cwd = folder({ [name]: name.endsWith('json') ? '{"version":1,"name":"x","batches":{}}' : FILE });
    mkdirSync(join(cwd, '.git'));
    mkdirSync(join(cwd, 'deep'));
    for (const place of [cwd, join(cwd, 'deep')]) {
      const { code, stderr } = await fleetform(IMPORT, place, env);
      assert.is(code, 1);
      assert.match(stderr, /-f DIR\/FILE|already exists/);
    }
    if (name !== 'fleetform.yaml') {
      assert.is((await fleetform([...IMPORT, '-f', 'fleetform.yaml'], cwd, env)).code, 1, name);
      assert.is((await fleetform(['init'], cwd)).code, 1, name);
    }
    assert.equal(readdirSync(cwd).sort(), ['.git', 'deep', name]);
  }
  assert.is(requests.length, 0);
  await server.close();
});

it('a file goes neither into the folders of git and of the state, nor into one that is a desired state', async () => {
  const { env, server, requests } = await account();
  const part = FILE.replace('name: mine\n', '');
  const cwd = folder({ 'a.yaml': part, 'b.yaml': 'version: 1\nname: whole\nbatches: {}\n' });
  mkdirSync(join(cwd, '.git'));
  mkdirSync(join(cwd, '.fleetform'));
  for (const [file, words] of [
    ['.git/q.yaml', /belongs to git/],
    ['.fleetform/q.yaml', /folder of the recorded state/],
    ['c.yaml', /a\.yaml has no name of its own/],
  ] as const) {
    const { code, stderr } = await fleetform([...IMPORT, '-f', file], cwd, env);
    assert.is(code, 1, file);
    assert.match(stderr.replace(/\s+/g, ' '), words);
    assert.not.ok(existsSync(join(cwd, file)));
  }
  assert.is(requests.length, 0);
  rmSync(join(cwd, 'a.yaml'));
  assert.is((await fleetform([...IMPORT, '-f', 'c.yaml'], cwd, env)).code, 0);
  await server.close();
});

it('what another state of the folder has bound is left out', async () => {
  const { env, server } = await account({}, 2);
  const cwd = folder();
  assert.is((await fleetform([...IMPORT, '-f', 'one.yaml'], cwd, env)).code, 0);
  const other = await fleetform(['import', '--all', '--name', 'two', '-f', 'two.yaml'], cwd, env);
  assert.is(other.code, 1);
  const said = other.stderr.replace(/\s+/g, ' ');
  assert.match(said, /bound in the state of "live" already/);
  assert.match(said, /To move it here, remove it from that file/);
  assert.not.match(said, 'Write a block');
  await server.close();
});

it('what another state of the repository has bound is bound here only by force, and told', async () => {
  const { env, server } = await account();
  const cwd = folder();
  mkdirSync(join(cwd, '.git'));
  mkdirSync(join(cwd, 'sub'));
  assert.is((await fleetform(IMPORT, cwd, env)).code, 0);
  const text = readFileSync(join(cwd, 'fleetform.yaml'), 'utf8');
  const { entries } = JSON.parse(readFileSync(join(cwd, '.fleetform/live.state.json'), 'utf8'));
  const [address, { batchIds }] = Object.entries<{ batchIds: string[] }>(entries)[0]!;
  const id = batchIds[0]!;
  for (const place of ['other.yaml', 'sub/fleetform.yaml']) {
    writeFileSync(join(cwd, place), text.replace(/name: .*/, `name: other-${place.length}`));
    const line = ['import', address, id, '-f', place];
    const { code, stderr } = await fleetform(line, cwd, env);
    assert.is(code, 1, place);
    assert.match(
      stderr.replace(/\s+/g, ' '),
      /already belongs to the state of "(?:live|other-\d+)" hint: .*To bind it here as well, use --force\./,
    );
    const forced = await fleetform([...line, '--force'], cwd, env);
    assert.is(forced.code, 0, forced.stderr);
    assert.match(
      forced.stderr.replace(/\s+/g, ' '),
      /warning: it is bound in the state of "(?:live|other-\d+)", too/,
    );
  }
  await server.close();
});

it('a selection that nothing matches says so, and how many there are without it; nothing is left behind', async () => {
  const { env, server } = await account({}, 2);
  const cwd = folder();
  const told = async (...flags: string[]) => {
    const { code, stderr } = await fleetform([...IMPORT, ...flags], cwd, env);
    assert.is(code, 1, flags.join(' '));
    assert.equal(readdirSync(cwd), [], flags.join(' '));
    return stderr.replace(/\s+/g, ' ');
  };
  const none = await told('--template', '7');
  assert.match(none, 'no live batch is of what --template and --fleet ask for');
  assert.match(none, 'Without them there are 2 live batches');
  assert.not.match(none, 'fleetform init');
  for (const [fleet, words] of [
    ['eu', /--fleet eu is not the id of a fleet hint: .*1394296486561117717 \("/],
    ['123', /--fleet 123: no game server is in that fleet hint: .*1394296486561117717 \("/],
  ] as const) {
    assert.match(await told('--fleet', fleet), words);
  }
  mkdirSync(join(cwd, '.fleetform'), { mode: 0o700 });
  writeFileSync(join(cwd, '.fleetform/mine'), '');
  assert.is((await fleetform([...IMPORT, '--fleet', 'eu'], cwd, env)).code, 1);
  assert.equal(readdirSync(join(cwd, '.fleetform')).sort(), ['.gitignore', 'mine']);
  rmSync(join(cwd, '.fleetform'), { recursive: true });
  writeFileSync(join(cwd, 'fleetform.yaml'), FILE);
  const single = await fleetform(['import', 'logs', '99999'], cwd, env);
  assert.is(single.code, 1);
  assert.match(
    single.stderr.replace(/\s+/g, ' '),
    /has no batch 99999 hint: The newest that it lists: \d+, \d+\./,
  );
  assert.equal(readdirSync(cwd), ['fleetform.yaml']);
  const word = await fleetform(['import', 'logs', 'abc'], cwd, env);
  assert.match(
    word.stderr.replace(/\s+/g, ' '),
    /"abc" is not a batch id hint: It is a number of 1 to 19 digits/,
  );
  await server.close();
});

it('after a cut before the file a plan says what to do, and the same command heals', async () => {
  const { env, server } = await account();
  const cwd = folder();
  assert.is((await fleetform(IMPORT, cwd, env)).code, 0);
  const text = readFileSync(join(cwd, 'fleetform.yaml'), 'utf8');
  rmSync(join(cwd, 'fleetform.yaml'));
  writeFileSync(join(cwd, '.fleetform/live.import-begun'), 'fleetform.yaml\n');
  writeFileSync(join(cwd, '.fleetform-0123abcd-1-0123456789abcdef01234567.tmp'), text);
  const plan = await fleetform(['plan'], cwd, env);
  assert.is(plan.code, 1);
  assert.match(
    plan.stderr.replace(/\s+/g, ' '),
    /was cut off here before it wrote fleetform.yaml: run it again/,
  );
  assert.is((await fleetform(IMPORT, cwd, env)).code, 0);
  assert.is(readFileSync(join(cwd, 'fleetform.yaml'), 'utf8'), text);
  assert.not.ok(existsSync(join(cwd, '.fleetform/live.import-begun')));
  assert.is((await fleetform(['plan', '--detailed-exitcode'], cwd, env)).code, 0);
  await server.close();
});

it.run();
