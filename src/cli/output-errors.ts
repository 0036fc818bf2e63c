/**
 * What happens when stdout or stderr cannot be written any more. A reader that has seen enough (`fleetform plan |
 * head`) is not an error: whatever is in progress finishes without output. A full disk is one.
 */
import { closeSync } from 'node:fs';
import { isatty } from 'node:tty';

export function surviveOutputErrors({ stdout, stderr }: NodeJS.Process): void {
  let failed = false;
  for (const [name, stream] of Object.entries({ stdout, stderr })) {
    stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
      if (failed || code === 'EPIPE') return;
      failed = true;
      stderr.write(`error: ${name} cannot be written (${code ?? message})\n`);
    });
  }
  const terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor));
  process.on('exit', (code) => {
    if (failed && code === 0) process.exitCode = 1;
    letGo(terminals);
  });
}

/** At its end Node puts the terminal back as it was, and aborts where that is gone (its window was closed). */
function letGo(terminals: readonly number[]): void {
  for (const descriptor of terminals) {
    if (isatty(descriptor)) continue;
    try {
      closeSync(descriptor);
    } catch {}
  }
}
