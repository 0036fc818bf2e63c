/** Who is notified of what a command does: settings of the environment → a notifier, and what to do at its end. */
import { randomUUID } from 'node:crypto';
import type { ApplyEvent } from '../model/apply-events.ts';
import type { Diagnostic } from '../model/errors.ts';
import type { Id } from '../model/ids.ts';
import { machineError } from '../model/machine-error.ts';
import type { Task } from '../model/observed.ts';
import type { Plan } from '../model/plan.ts';
import { driftIn, errorsIn, type Happening, happeningOf, taskFailed } from '../notify/message.ts';
import type { Sender } from '../notify/notifier.ts';
import { notifySettings } from '../notify/settings.ts';
import { counted } from '../render/phrases.ts';
import { version } from '../version.ts';
import type { Session } from './session.ts';
import { stopOnSignal } from './signals.ts';
import { sleep } from './sleep.ts';

export interface Notifications {
  event(event: ApplyEvent): void;
  taskFailed(failure: { readonly address: string; readonly batchId: Id; readonly task: Task }): void;
  waited(ended: Omit<Extract<Happening, { type: 'waited' }>, 'type'>): void;
  errors(diagnostics: readonly Diagnostic[]): void;
  /** What the command ends with. */
  failed(thrown: unknown): Promise<void>;
  drift(plan: Pick<Plan, 'drift'>): void;
  /** Gives what is left a moment, and says what did not arrive. A signal ends that moment, and nothing else. */
  end(): Promise<void>;
}

const NOBODY: Notifications = {
  event: () => {},
  taskFailed: () => {},
  waited: () => {},
  errors: () => {},
  failed: async () => {},
  drift: () => {},
  end: async () => {},
};

export type Notify = (about: Pick<Sender, 'name' | 'api' | 'operation'>) => Promise<Notifications>;

/** Throws `notify.url` and `notify.format`: at once, before anything is done. */
export function notifications(session: Session): Notify {
  const { env } = session.world;
  const settings = notifySettings(env);
  if (settings === null) return async () => NOBODY;
  const { redact } = session.redactor;
  return async (about) => {
    const { createNotifier } = await import('../notify/notifier.ts');
    const sender = { fleetform: version, ...about, run: randomUUID() };
    const notifier = createNotifier(sender, { ...settings, env, redact, sleep, random: Math.random });
    return {
      event(event) {
        const happening = happeningOf(event, redact);
        if (happening !== null) notifier.tell(happening);
      },
      taskFailed: ({ address, batchId, task }) => notifier.tell(taskFailed(address, batchId, task, redact)),
      waited: (ended) => notifier.tell({ type: 'waited', ...ended }),
      errors: (diagnostics) => notifier.tell(errorsIn(diagnostics, redact)),
      async failed(thrown) {
        const { diagnosticsOf } = await import('./report-error.ts');
        notifier.tell(errorsIn(diagnosticsOf(machineError(thrown) ?? thrown), redact));
      },
      drift(plan) {
        if (plan.drift.length > 0) notifier.tell(driftIn(plan, redact));
      },
      async end() {
        const stop = stopOnSignal(() => {});
        const undelivered = await notifier.end(stop.signal).finally(() => stop.dispose());
        if (undelivered === null) return;
        const { count, why } = undelivered;
        session.warn(
          `warning: ${counted(count, 'notification')} did not reach FLEETFORM_NOTIFY_URL: ${why}\n`,
        );
      },
    };
  };
}
