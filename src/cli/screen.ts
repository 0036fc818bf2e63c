/**
 * Where progress is shown, one after the other, and what comes from the side meanwhile: signals, an API that keeps one
 * waiting.
 */

import { createProgress } from '../render/progress.ts';
import type { Progress } from '../render/progress-port.ts';
import type { Session } from './session.ts';

export interface Screen {
  /** The progress of the next part of the work. */
  begin(): Progress;
  /** `plainly`: how it is told where no rows move. */
  notice(text: string, plainly: (text: string) => void): void;
  /** One that stays, above all that come after it. */
  keepNotice(text: string, plainly: (text: string) => void): void;
}

export function openScreen(session: Session): Screen {
  const { stderr, env } = session.world;
  let current: Progress | undefined;
  let kept = '';
  const notice: Screen['notice'] = (text, plainly) => {
    if (current === undefined) plainly(text);
    else current.notice(kept === '' ? text : `${kept}\n${text}`, () => plainly(text));
  };
  return {
    notice,
    keepNotice(text, plainly) {
      notice(text, plainly);
      kept = text;
    },
    begin() {
      current = createProgress({
        stream: stderr,
        isTTY: Boolean(stderr.isTTY),
        ci: Boolean(env.CI),
        color: session.errColor,
        quiet: session.flags.quiet === true || session.flags.json === true,
        width: session.width,
        now: () => performance.now(),
      });
      return current;
    },
  };
}
