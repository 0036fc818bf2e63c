// The declarations of the library: what its entry leads to, and nothing else. `node .build/types.mjs FOLDER` writes them.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export function emitTypes(folder) {
  const args = ['-p', '.build/tsconfig.types.json', '--outDir', resolve(folder)];
  execFileSync('node_modules/.bin/tsc', args, { stdio: 'inherit' });
  keepReachable(folder);
}

function keepReachable(folder) {
  const kept = new Set();
  const queue = [join(folder, 'index.d.ts')];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (kept.has(file)) continue;
    kept.add(file);
    for (const [, path] of readFileSync(file, 'utf8').matchAll(
      /(?:from|import|import\()\s*["'](\.[^"']+)["']/g,
    ))
      queue.push(join(dirname(file), path.replace(/\.[jt]s$/, '.d.ts')));
  }
  for (const one of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(one.parentPath ?? one.path, one.name);
    if (one.isFile() && !kept.has(path)) rmSync(path);
  }
  dropEmpty(folder);
}

function dropEmpty(folder) {
  for (const one of readdirSync(folder, { withFileTypes: true }))
    if (one.isDirectory()) dropEmpty(join(folder, one.name));
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) emitTypes(process.argv[2]);
