/**
 * What happens in one run → notifications, in order. Failures that come while an earlier message is under way are told
 * together.
 */
import type { Redact } from '../model/redactor.ts';
import { redactJson } from '../model/redactor.ts';
import { createDelivery, type DeliveryOptions, type Undelivered } from './delivery.ts';
import { type Failure, type Happening, isFailure, MOST } from './message.ts';
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
  /** Of the file; null: it could not be read. */
  readonly name: string | null;
  /** null: it is not known yet. */
  readonly api: string | null;
  readonly operation: 'apply' | 'destroy' | 'plan';
  /** Of this run: the same in each of its notifications. */
  readonly run: string;
}

/** So many messages tell failures as they happen, as a receiver takes about one per second; the rest is told in one. */
const MOST_MESSAGES = 50;

export interface NotifierOptions extends DeliveryOptions {
  readonly format: NotifyFormat;
  readonly redact: Redact;
}

interface Group {
  readonly at: Date;
  readonly failures: Failure[];
  count: number;
}

/** `sender`: as it is known when a message is sent. */
export function createNotifier(sender: () => Sender, options: NotifierOptions): Notifier {
  const { format, redact } = options;
  const delivery = createDelivery(options);
  let groups = 0;
  let dropped = 0;
  let sequence = 0;
  /** What has not been sent, and takes more. */
  let open: Group | null = null;
  /** The last one, which is sent when nothing can be added any more. */
  let isHeld = false;

  function bodyOf(happening: Happening, at: Date): string {
    sequence += 1;
    const omitted = isFailure(happening) || happening.type === 'failures' ? 0 : dropped;
    const { name, ...others } = sender();
    const { operation } = others;
    const head = name === null ? 'fleetform' : redact(name);
    const text = `${head}: ${operation}: ${textOf(happening, omitted, operation)}`;
    const body =
      format === 'slack'
        ? { text: slackEscaped(text) }
        : {
            formatVersion: '1.0',
            name,
            ...others,
            sequence,
            at: at.toISOString(),
            text,
            ...(omitted === 0 ? {} : { omitted }),
            event: happening,
          };
    return redactJson(JSON.stringify(body), redact);
  }

  function send(group: Group): void {
    delivery.add({
      body() {
        if (open === group) open = null;
        return bodyOf(together(group), group.at);
      },
      drop() {
        if (open === group) open = null;
        dropped += group.count;
      },
    });
  }

  function tellFailure(failure: Failure): void {
    if (open !== null && (isHeld || open.failures.length < MOST)) {
      open.count += 1;
      if (open.failures.length < MOST) open.failures.push(failure);
      return;
    }
    const group = { at: new Date(), failures: [failure], count: 1 };
    open = group;
    groups += 1;
    isHeld = groups > MOST_MESSAGES;
    if (!isHeld) send(group);
  }

  /** What comes next is told after them. */
  function close(): void {
    if (isHeld && open !== null) send(open);
    isHeld = false;
    open = null;
  }

  return {
    tell(happening) {
      if (isFailure(happening)) return tellFailure(happening);
      close();
      const at = new Date();
      delivery.add({ body: () => bodyOf(happening, at) });
    },
    end(stop) {
      close();
      return delivery.end(stop);
    },
  };
}

function together({ failures, count }: Group): Happening {
  const [first] = failures;
  return count === 1 && first !== undefined ? first : { type: 'failures', count, failures };
}
