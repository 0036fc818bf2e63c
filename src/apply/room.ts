/**
 * How many creates may go out beside one whose answer has not come: no more than the list of batches shows. Whatever
 * becomes of it, the list then still reaches back to before it was sent, and tells whether its batch is there.
 *
 * Invariant: who waits here is not among those that others wait for.
 */
import { LIST_LIMIT } from '../model/observed.ts';
import { NEARLY_FULL } from '../plan/sameness/sight.ts';

/** Others make batches, too. */
const SPARE = 5;
/** Beside one that follows a batch. */
const MOST = LIST_LIMIT - SPARE;
/** Beside one of an account whose list was empty: there only a list that is not even nearly full shows all. */
const MOST_OF_NONE = NEARLY_FULL - SPARE;

export class Room {
  /** Of each that is out, how many were over when it went: those were made before it, if they were. */
  readonly #out = new Map<string, { readonly over: number; readonly most: number }>();
  readonly #waiting = new Set<() => void>();
  #sent = 0;
  #over = 0;

  /** Resolves when one more may go out, or at the stop. */
  async free(stop: AbortSignal): Promise<void> {
    while (!stop.aborted && !this.#isFree()) {
      await new Promise<void>((resolve) => {
        const go = () => {
          this.#waiting.delete(go);
          stop.removeEventListener('abort', go);
          resolve();
        };
        this.#waiting.add(go);
        stop.addEventListener('abort', go, { once: true });
      });
    }
  }

  /**
   * Right before it goes out; false: it may not, as others were quicker since there was room. `hasBefore`: a batch is known
   * that it follows; where none is, only a whole list tells.
   */
  enter(id: string, hasBefore: boolean): boolean {
    if (!this.#isFree()) return false;
    this.#sent += 1;
    this.#out.set(id, { over: this.#over, most: hasBefore ? MOST : MOST_OF_NONE });
    return true;
  }

  /** Whatever has become of it is known, or is a question for a person. */
  over(id: string): void {
    if (!this.#out.delete(id)) return;
    this.#over += 1;
    for (const go of this.#waiting) go();
  }

  #isFree(): boolean {
    for (const { over, most } of this.#out.values()) {
      if (this.#sent - over >= most) return false;
    }
    return true;
  }
}
