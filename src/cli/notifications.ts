/** Who is notified of what a command does: settings of the environment → a notifier, and what to do at its end. */
import { randomUUID } from 'node:crypto';
import { InterruptedError } from '../apply/errors.ts';
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
  /** Who it is about, as soon as that is known. */
  about(known: Partial<Pick<Sender, 'name' | 'api'>>): void;
  event(event: ApplyEvent): void;
  taskFailed(failure: { readonly address: string; readonly batchId: Id; readonly task: Task }): void;
  waited(ended: Omit<Extract<Happening, { type: 'waited' }>, 'type'>): void;
  errors(diagnostics: readonly Diagnostic[]): void;
  drift(plan: Pick<Plan, 'drift'>): void;
  /**
   * All of the command: whatever it ends with is told. Then what is left gets a moment, and what did not arrive is said. A
   * signal ends that moment, and nothing else.
   */
  whole(work: () => Promise<number>): Promise<number>;
}

/** As much of a session as it takes. */
type Notifying = Pick<Session, 'world' | 'redactor' | 'warn' | 'last'>;

const NOBODY: Notifications = {
  about: () => {},
  event: () => {},
  taskFailed: () => {},
  waited: () => {},
  errors: () => {},
  drift: () => {},
  whole: (work) => work(),
};

/**
 * As early as it can be, so that whatever fails after it is told. Throws `notify.url` and `notify.format`: at once, before
 * anything is done.
 */
export async function notifications(
  session: Notifying,
  operation: Sender['operation'],
): Promise<Notifications> {
  const { env } = session.world;
  const settings = notifySettings(env);
  if (settings === null) return NOBODY;
  const { redact } = session.redactor;
  const { createNotifier } = await import('../notify/notifier.ts');
  let sender: Sender = { fleetform: version, name: null, api: null, operation, run: randomUUID() };
  const notifier = createNotifier(() => sender, { ...settings, env, redact, sleep, random: Math.random });
  const failed = async (thrown: unknown) => {
    const { diagnosticsOf } = await import('./report-error.ts');
    notifier.tell(errorsIn(diagnosticsOf(machineError(thrown) ?? thrown), redact));
  };
  const end = async () => {
    const stop = stopOnSignal(() => {});
    const undelivered = await notifier.end(stop.signal).finally(() => stop.dispose());
    if (undelivered === null) return;
    const { count, why } = undelivered;
    session.warn(`warning: ${counted(count, 'notification')} did not reach FLEETFORM_NOTIFY_URL: ${why}\n`);
  };
  return {
    about(known) {
      sender = { ...sender, ...known };
    },
    event(event) {
      const happening = happeningOf(event, redact);
      if (happening !== null) notifier.tell(happening);
    },
    taskFailed: ({ address, batchId, task }) => notifier.tell(taskFailed(address, batchId, task, redact)),
    waited: (ended) => notifier.tell({ type: 'waited', ...ended }),
    errors: (diagnostics) => notifier.tell(errorsIn(diagnostics, redact)),
    drift(plan) {
      if (plan.drift.length > 0) notifier.tell(driftIn(plan, redact));
    },
    async whole(work) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof InterruptedError)) await failed(error);
        throw error;
      } finally {
        for (const error of session.last) await failed(error);
        await end();
      }
    },
  };
}

/** A command line that never became a run: `thrown` is why. A setting of it that is wrong is not worth a second error. */
export async function notifyUnread(
  session: Notifying,
  { command, isRefreshOnly }: { readonly command: string | undefined; readonly isRefreshOnly: boolean },
  thrown: unknown,
): Promise<void> {
  const isAsked = command === 'apply' || command === 'destroy' || (command === 'plan' && isRefreshOnly);
  if (!isAsked || !session.world.env.FLEETFORM_NOTIFY_URL) return;
  const notified = await notifications(session, command).catch(() => NOBODY);
  await notified
    .whole(async () => {
      throw thrown;
    })
    .catch(() => {});
}
