/** What may name a desired state, for who has a name but no file: the schema's own rule, so that both say the same. */
import { validateName } from '../generated/desired-state.js';

/** What is expected in place of it; undefined: it is a name. */
export function expectedName(name: string): string | undefined {
  if (validateName(name)) return undefined;
  const { $comment } = (validateName.errors?.[0]?.parentSchema ?? {}) as { $comment?: string };
  return $comment ?? 'a name';
}
