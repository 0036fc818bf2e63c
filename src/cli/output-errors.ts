/**
 * What happens when stdout or stderr cannot be written any more. A reader that has seen enough (`fleetform plan |
 * head`) is not an error: whatever is in progress finishes without output. A full disk is one.
 */
import { closeSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';

export function surviveOutputErrors({ stdout, stderr }: NodeJS.Process): void {
  let failure: string | null = null;
  for (const [name, stream] of Object.entries({ stdout, stderr })) {
    stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
      if (code !== 'EPIPE') failure ??= `error: ${name} cannot be written (${code ?? message})\n`;
    });
  }
  const terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor));
  process.on('exit', (code) => {
    if (failure !== null) {
      tellLast(failure);
      if (code === 0) process.exitCode = 1;
    }
    letGo(terminals);
  });
}

/** Behind all that was still to be told, so that it is not lost among it. */
function tellLast(text: string): void {
  try {
    writeSync(2, text);
  } catch {}
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
