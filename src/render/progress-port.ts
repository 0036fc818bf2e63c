/** What progress is to those who tell of it, rows or lines. Neither call throws or rejects. */
import type { ApplyEvent } from '../model/apply-events.ts';

export interface Progress {
  emit(event: ApplyEvent): void;
  /** A line from the side. Where rows move it gets a place among them; otherwise it is left to `plainly`. */
  notice(text: string, plainly: (text: string) => void): void;
  /** Resolves when all is written and nothing is left running. */
  end(): Promise<void>;
}
