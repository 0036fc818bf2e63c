// What a state costs where it is kept: round trips of a converged plan, and of an apply that creates ten batches.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { build } from 'esbuild';
import { fleetform, temporaryFolder } from './measure.mjs';
import { folderOf, startApi } from './worlds.mjs';

export const title = 'round trips to the state, of an apply of 10 batches and of a plan of them';

const BACKENDS = { git: ofGit, http: ofHttp, postgres: ofPostgres };

export async function* rows() {
  for (const [name, open] of Object.entries(BACKENDS)) {
    const place = await open();
    if (place === null) {
      yield { name, note: 'not measured: no server of it on this machine' };
      continue;
    }
    const api = await startApi({ latency: 5 });
    const options = { cwd: place.folder, env: { ...place.env, ...api.env } };
    for (const args of [['apply', '--auto-approve'], ['plan']]) {
      place.taken();
      const wall = await fleetform(args, options);
      yield { name: `${name}, ${args[0]}`, wall, requests: place.taken() };
    }
    api.stop();
    await place.end();
  }
}

/** A bare repository; what goes to it is counted by a git of our own in front of the real one. */
async function ofGit() {
  const folder = folderOf(10, { state: '{ backend: git }' });
  const remote = join(temporaryFolder(), 'remote.git');
  const log = join(temporaryFolder(), 'log');
  const bin = join(temporaryFolder(), 'bin');
  mkdirSync(bin);
  const git = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  const wrapper = join(bin, 'git');
  writeFileSync(wrapper, `#!/bin/sh\necho "$*" >>'${log}'\nexec '${git}' "$@"\n`);
  chmodSync(wrapper, 0o755);
  execFileSync(git, ['init', '--quiet', '--bare', remote]);
  execFileSync(git, ['init', '--quiet', folder]);
  execFileSync(git, ['-C', folder, 'remote', 'add', 'origin', remote]);
  const isRemote = (line) => /\b(ls-remote|fetch|push)\b/.test(line);
  let seen = 0;
  return {
    folder,
    env: { PATH: `${bin}${delimiter}${process.env.PATH}` },
    taken() {
      const lines = existsSync(log) ? readFileSync(log, 'utf8').split('\n') : [];
      const now = lines.filter(isRemote).length;
      const more = now - seen;
      seen = now;
      return more;
    },
    end: async () => {},
  };
}

async function ofHttp() {
  const { stateServer } = await bundled('test/support/state-server.ts');
  const server = await stateServer('strict');
  let seen = 0;
  return {
    folder: folderOf(10, { state: '{ backend: http }' }),
    env: server.env,
    taken() {
      const more = server.seen.length - seen;
      seen = server.seen.length;
      return more;
    },
    end: () => server.end(),
  };
}

async function ofPostgres() {
  const { startPostgres, PASSWORD } = await bundled('test/support/postgres.ts');
  let cluster;
  try {
    cluster = await startPostgres();
  } catch {
    return null;
  }
  const line = await countedLine(join(cluster.folder, '.s.PGSQL.5432'));
  return {
    folder: folderOf(10, { state: '{ backend: postgres }' }),
    env: {
      FLEETFORM_STATE_POSTGRES_URL: `postgresql://postgres:${PASSWORD}@127.0.0.1:${line.port}/postgres`,
    },
    taken: line.taken,
    async end() {
      line.end();
      await cluster.end();
    },
  };
}

/** TCP on this machine before a socket: it counts how often the client speaks after the server has. */
async function countedLine(socket) {
  let trips = 0;
  const open = new Set();
  const server = createServer((front) => {
    const back = connect(socket);
    let isAsking = false;
    for (const one of [front, back]) {
      open.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        front.destroy();
        back.destroy();
      });
    }
    front.on('data', (bytes) => {
      if (!isAsking) trips += 1;
      isAsking = true;
      back.write(bytes);
    });
    back.on('data', (bytes) => {
      isAsking = false;
      front.write(bytes);
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    port: server.address().port,
    taken() {
      const more = trips;
      trips = 0;
      return more;
    },
    end() {
      server.close();
      for (const one of open) one.destroy();
    },
  };
}

async function bundled(entry) {
  const outfile = join('dist', 'bench', `${entry.replace(/\W/g, '-')}.mjs`);
  await build({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outfile,
    logLevel: 'error',
  });
  return import(join(process.cwd(), outfile));
}
