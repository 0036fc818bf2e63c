/**
 * The addresses that the completion scripts ask for while a line is typed: those of the file that the line is about,
 * and those of its state. A shell in the middle of a line has no place for errors: whatever is wrong completes nothing.
 */
import { Command } from 'commander';
import type { DesiredSettings } from '../../model/desired.ts';
import type { State } from '../../model/state.ts';
import { openAt } from '../../state/open.ts';
import { sharedFlags } from '../command-line/builder.ts';
import { loadFile, loadFileSettings } from '../load-file.ts';
import { statePlaceOf } from '../open-state.ts';
import { openSession, type Session, type SharedFlags } from '../session.ts';

/** `words`: the line up to the cursor's word, without the program. One address a line; the exit code is always 0. */
export async function completeAddresses(session: Session, words: readonly string[]): Promise<number> {
  const addresses = await addressesOf(session, words).catch(() => []);
  // A control character would be a line of its own, or a key that nobody pressed.
  const shown = [...new Set(addresses)].filter((address) => !/\p{Cc}/u.test(address));
  session.print(shown.map((address) => `${address}\n`).join(''));
  return 0;
}

async function addressesOf({ world, redactor }: Session, words: readonly string[]): Promise<string[]> {
  const meant = await openSession(
    world,
    flagsIn(words.map((word) => atHome(word, world.env.HOME))),
    redactor,
  );
  const desired = await loadFile(meant).catch(() => null);
  const settings = desired ?? (await loadFileSettings(meant));
  // Nobody waits for a network in the middle of a line.
  const state = settings.state.backend === 'local' ? await recordedState(meant, settings) : null;
  return [
    ...(desired?.blocks ?? []).map(({ address }) => address),
    ...Object.keys(state?.entries ?? {}),
    ...(state?.intents ?? []).map(({ address }) => address),
  ];
}

async function recordedState(session: Session, settings: DesiredSettings): Promise<State | null> {
  try {
    // As it is: what may be elsewhere is not looked for.
    const backend = await openAt(statePlaceOf(session, settings, null), settings.state);
    return await backend.read().finally(() => backend.close());
  } catch {
    return null;
  }
}

/** The shared flags among them, wherever they stand; what belongs to the command is passed over. */
function flagsIn(words: readonly string[]): SharedFlags {
  const line = sharedFlags(new Command())
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .exitOverride()
    .configureOutput({ writeErr() {} });
  return line.parse([...words], { from: 'user' }).opts<SharedFlags>();
}

/** The shells hand the words over as they were typed, before `~` means anything. */
function atHome(word: string, home: string | undefined): string {
  return home !== undefined && word.startsWith('~/') ? home + word.slice(1) : word;
}
