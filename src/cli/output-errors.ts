/**
 * What happens when stdout or stderr cannot be written any more. A reader that has seen enough (`fleetform plan |
 * head`) is not an error: whatever is in progress finishes without output. A full disk is one.
 */
export function surviveOutputErrors({ stdout, stderr }: NodeJS.Process): void {
  let failed = false;
  for (const [name, stream] of Object.entries({ stdout, stderr })) {
    stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
      if (failed || code === 'EPIPE') return;
      failed = true;
      stderr.write(`error: ${name} cannot be written (${code ?? message})\n`);
    });
  }
  process.on('exit', (code) => {
    if (failed && code === 0) process.exitCode = 1;
  });
}
