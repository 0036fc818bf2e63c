/**
 * How many requests may be in flight: as many as the API bears, within the bound that was asked for. Pure, but for
 * what it has heard.
 *
 * The rule: it begins with `FIRST`. Each quick answer adds a place (which doubles them in every round), until it had
 * to be taken back once; from then on each round of quick answers adds one. A round is as many answers as there are
 * places. A 429 halves the places, and so does a round of which most answers were slow. An answer is slow if it took
 * more than `SLOWER` times as long as the quickest of its kind, and `SLACK` ms. After a slow round what is quick is
 * learnt anew: if fewer requests are no quicker, it was not their number.
 *
 * Invariant: 1 to `bound` places. What was sent before it was halved says nothing of what is right now.
 */

/** `late`: none within the deadline. `failed`: says nothing of what the API bears. */
export type Answer = 'answered' | 'throttled' | 'late' | 'failed';

export interface Pace {
  places(): number;
  /** `kind`: what takes about as long. The function that it returns is called once it is known what became of it. */
  sent(kind: string): (answer: Answer) => void;
}

const FIRST = 10;
const SLOWER = 4;
/** Milliseconds: what a busy machine or one large answer may add. */
const SLACK = 250;

/** `elapsed`: milliseconds that only go forward. */
export function createPace(bound: number, elapsed: () => number): Pace {
  const quickest = new Map<string, number>();
  let places = Math.min(bound, FIRST);
  let halved = 0;
  let round = { answers: 0, slow: 0 };

  const halve = () => {
    places = Math.max(1, Math.floor(places / 2));
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
      halve();
    } else if (slow === 0 && halved > 0) grow();
  };

  return {
    places: () => places,
    sent(kind) {
      const [at, before] = [elapsed(), halved];
      return (answer) => {
        if (before !== halved || answer === 'failed') return;
        if (answer === 'throttled') return halve();
        const slow = answer === 'late' || isSlow(kind, elapsed() - at);
        round.answers += 1;
        if (slow) round.slow += 1;
        else if (halved === 0) grow();
        if (round.answers >= places) endRound();
      };
    },
  };
}
