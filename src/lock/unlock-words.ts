/** How a lock is removed by hand, in the words of whoever can: a storage that only a program has is out of every command's reach. */
export type UnlockWords = (id: string, isForced?: boolean) => string;

export const byCommand: UnlockWords = (id, isForced = false) =>
  `\`fleetform force-unlock ${id}${isForced ? ' --force' : ''}\``;

export const byMethod: UnlockWords = (id, isForced = false) =>
  `\`forceUnlock(${JSON.stringify(id)}, ${isForced})\` of its backend`;
