/** The nearest right word for a typo. */
import { distance } from 'fastest-levenshtein';
import { lookOf } from './look-alikes.ts';

/** The candidate that the word was probably meant to be; undefined if none is near. Ties go to the first. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > 64) return undefined;
  const lower = lookOf(word).toLowerCase();
  const allowed = Math.max(1, Math.floor(word.length / 3));
  let best: string | undefined;
  let bestDistance = allowed + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) > allowed) continue;
    const other = lookOf(candidate).toLowerCase();
    let d = distance(lower, other);
    if (d === 2 && letters(lower) === letters(other)) d = 1;
    if (d < bestDistance) {
      best = candidate;
      bestDistance = d;
    }
  }
  return best;
}

/** Sorted: two words with the same ones are a slip of two fingers. */
function letters(word: string): string {
  return [...word].sort().join('');
}

/** `; did you mean "eu"?`, or nothing: the end of a message. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const near = nearest(word, candidates);
  return near === undefined ? '' : `; did you mean "${near}"?`;
}

/** `a, b, c and 4 more`: a list that stays short however long it is. */
export function listed(words: readonly string[], most = 12): string {
  if (words.length <= most) return words.join(', ');
  return `${words.slice(0, most).join(', ')} and ${words.length - most} more`;
}
