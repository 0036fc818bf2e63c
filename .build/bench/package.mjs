// What an installation takes.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export const title = 'the package';

export async function* rows() {
  const told = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 64 * 1024 * 1024,
  });
  // npm has told it as a list, and by name.
  const [{ size, unpackedSize, entryCount }] = Object.values(JSON.parse(told));
  const { dependencies = {} } = JSON.parse(readFileSync('package.json', 'utf8'));
  yield { name: 'packed', megabytes: size / 1e6 };
  yield { name: 'installed', megabytes: unpackedSize / 1e6 };
  yield { name: 'files', count: entryCount };
  yield { name: 'dependencies that are installed with it', count: Object.keys(dependencies).length };
}
