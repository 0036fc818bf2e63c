/**
 * The environment → where notifications go, and in which form. Only the environment: whatever a pull request can change
 * (the file), or a list of processes shows (a flag), has no say in it.
 *
 * Invariant: the URL is a secret (whoever has it can write there), so no message here quotes it.
 */
import { judgeBaseUrl } from '../model/base-url.ts';
import { FleetformError } from '../model/errors.ts';

export type NotifyFormat = 'json' | 'slack';

export interface NotifySettings {
  readonly url: URL;
  readonly format: NotifyFormat;
}

type Env = Readonly<Record<string, string | undefined>>;

/** null: nobody is to be notified. Throws `notify.url` and `notify.format`. */
export function notifySettings(env: Env): NotifySettings | null {
  const text = env.FLEETFORM_NOTIFY_URL;
  if (!text) return null;
  const url = judgeBaseUrl(text, 'request');
  if (!(url instanceof URL)) {
    throw new FleetformError('notify.url', 'the URL in FLEETFORM_NOTIFY_URL cannot be used', {
      hint: 'Nothing was done. Allowed: https://HOST[:PORT][/PATH][?QUERY], and plain http:// for this machine only; no user name, password or fragment.',
    });
  }
  return { url, format: formatIn(env) };
}

function formatIn({ FLEETFORM_NOTIFY_FORMAT: format }: Env): NotifyFormat {
  if (!format || format === 'json') return 'json';
  if (format === 'slack') return format;
  throw new FleetformError('notify.format', 'FLEETFORM_NOTIFY_FORMAT is neither json nor slack', {
    hint: 'Nothing was done. Set it to json (the default; `fleetform schema notification`) or slack.',
  });
}
