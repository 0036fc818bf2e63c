/** What happens in one run → notifications, in order. Without settings, all of it does nothing. */
import type { Redact } from '../model/redactor.ts';
import { redactJson } from '../model/redactor.ts';
import { createDelivery, type DeliveryOptions, type Undelivered } from './delivery.ts';
import type { Happening } from './message.ts';
import type { NotifyFormat } from './settings.ts';
import { slackEscaped, textOf } from './text.ts';

export interface Notifier {
  tell(happening: Happening): void;
  /** What did not arrive; null: all did. */
  end(stop: AbortSignal): Promise<Undelivered | null>;
}

/** Who notifies. */
export interface Sender {
  readonly fleetform: string;
  /** Of the file. */
  readonly name: string;
  readonly api: string;
  readonly operation: 'apply' | 'destroy' | 'plan';
  /** Of this run: the same in each of its notifications. */
  readonly run: string;
}

/** So many failures are told as they happen; a receiver takes about one message per second. */
const MOST_FAILURES = 50;

export interface NotifierOptions extends DeliveryOptions {
  readonly format: NotifyFormat;
  readonly redact: Redact;
}

export function createNotifier(sender: Sender, options: NotifierOptions): Notifier {
  const { format, redact } = options;
  const delivery = createDelivery(options);
  let failures = 0;
  let sequence = 0;
  return {
    tell(happening) {
      const isFailure = happening.type === 'change_failed' || happening.type === 'task_failed';
      if (isFailure) failures += 1;
      if (isFailure && failures > MOST_FAILURES) return;
      const omitted = isFailure ? 0 : Math.max(0, failures - MOST_FAILURES);
      sequence += 1;
      const text = `${redact(sender.name)}: ${sender.operation}: ${textOf(happening, omitted, sender.operation)}`;
      const body =
        format === 'slack'
          ? { text: slackEscaped(text) }
          : {
              formatVersion: '1.0',
              ...sender,
              sequence,
              at: new Date().toISOString(),
              text,
              ...(omitted === 0 ? {} : { omitted }),
              event: happening,
            };
      delivery.add(redactJson(JSON.stringify(body), redact));
    },
    end: (stop) => delivery.end(stop),
  };
}
