/**
 * How many requests may be in flight: as many as the API bears, within the bound that was asked for. Pure, but for
 * what it has heard.
 *
 * The rule: it begins with `DEFAULT_PARALLELISM`. Each quick answer adds a place (which doubles them in every round), until it had
 * to be taken back once; from then on each round of quick answers adds one. A round is as many answers as there are
 * places. A 429 halves the places, and so does a round of which most answers were slow. An answer is slow if it took
 * more than `SLOWER` times as long as the quickest of its kind, and `SLACK` ms. After a slow round what is quick is
 * learnt anew: if fewer requests are no quicker, it was not their number.
 *
 * An outage is no load: a request without an answer counts as slow only if another of its kind was answered while it
 * waited. Else nothing tells that fewer requests would be answered, and they only make the outage last longer.
 *
 * Invariants: 1 to `bound` places, and below `FLOOR` only after a 429, which is the API's own word. What was sent
 * before it was halved says nothing of what is right now.
 */

/** `late`: none within the deadline. `failed`: says nothing of what the API bears. */
export type Answer = 'answered' | 'throttled' | 'late' | 'failed';

export interface Pace {
  /** The most places that there will ever be. */
  readonly bound: number;
  places(): number;
  /** `kind`: what takes about as long. The function that it returns is called once it is known what became of it. */
  sent(kind: string): (answer: Answer) => void;
}

/** The bound where nobody asked for another, and what a higher one begins with. */
export const DEFAULT_PARALLELISM = 10;
const FLOOR = DEFAULT_PARALLELISM / 2;
const SLOWER = 4;
/** Milliseconds: what a busy machine or one large answer may add. */
const SLACK = 250;

/** `elapsed`: milliseconds that only go forward. */
export function createPace(bound: number, elapsed: () => number): Pace {
  const quickest = new Map<string, number>();
  const answered = new Map<string, number>();
  let places = Math.min(bound, DEFAULT_PARALLELISM);
  let halved = 0;
  let round = { answers: 0, slow: 0 };

  const halve = (least: number) => {
    places = Math.max(Math.min(places, least), Math.floor(places / 2));
    halved += 1;
    round = { answers: 0, slow: 0 };
  };
  const grow = () => {
    places = Math.min(bound, places + 1);
  };
  const isSlow = (kind: string, took: number) => {
    const best = Math.min(took, quickest.get(kind) ?? took);
    quickest.set(kind, best);
    return took > best * SLOWER + SLACK;
  };
  const endRound = () => {
    const { answers, slow } = round;
    round = { answers: 0, slow: 0 };
    if (slow * 2 > answers) {
      quickest.clear();
      halve(FLOOR);
    } else if (slow === 0 && halved > 0) grow();
  };

  return {
    bound,
    places: () => places,
    sent(kind) {
      const [at, before, heard] = [elapsed(), halved, answered.get(kind) ?? 0];
      return (answer) => {
        const now = answered.get(kind) ?? 0;
        if (answer === 'answered') answered.set(kind, now + 1);
        if (before !== halved || answer === 'failed') return;
        if (answer === 'throttled') return halve(1);
        if (answer === 'late' && now === heard) return;
        const slow = answer === 'late' || isSlow(kind, elapsed() - at);
        round.answers += 1;
        if (slow) round.slow += 1;
        else if (halved === 0) grow();
        if (round.answers >= places) endRound();
      };
    },
  };
}
