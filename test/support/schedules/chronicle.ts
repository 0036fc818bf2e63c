/**
 * What a schedule tells: the story, for people, and how often each class of trouble really occurred. A class that is
 * drawn and then changes nothing (a list that lags while nothing is new) is not counted: a net with holes shows.
 */
import type { VirtualClock } from './clock.ts';

export class Chronicle {
  readonly story: string[] = [];
  readonly counts = new Map<string, number>();
  private readonly clock: VirtualClock;
  private readonly start: number;

  constructor(clock: VirtualClock) {
    this.clock = clock;
    this.start = clock.now;
  }

  tell(text: string): void {
    this.story.push(`${this.time().padStart(9)}  ${text}`);
  }

  /** As `tell`; of the same again, in the same moment, only how often. */
  tellEach(text: string): void {
    const line = `${this.time().padStart(9)}  ${text}`;
    const last = this.story.at(-1) ?? '';
    if (last !== line && !last.startsWith(`${line} (`)) this.story.push(line);
    else {
      const times = Number(/\((\d+) times\)$/.exec(last)?.[1] ?? 1);
      this.story[this.story.length - 1] = `${line} (${times + 1} times)`;
    }
  }

  /** `text`: what to tell of it; without, it is only counted. */
  occurred(name: string, text?: string): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    if (text !== undefined) this.tellEach(text === '' ? name : `${name}: ${text}`);
  }

  /** `+3600 s` */
  time(at: number = this.clock.now): string {
    const seconds = at - this.start;
    return `${seconds < 0 ? '' : '+'}${Number.isInteger(seconds) ? seconds : seconds.toFixed(2)} s`;
  }
}
