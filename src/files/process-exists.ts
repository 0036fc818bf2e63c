/** Whether a process is there, of those that this one can see. */

/** Another user's is there, too; one that has ended stays until it is reaped. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
