/** What a CI job's environment says of where it runs, as web addresses. Untrusted: whoever starts a job may set it. */
import type { Env } from './env.ts';

/** A longer one is none: a part of it would lead elsewhere. */
const LONGEST = 500;

/** null: it is none. A password in it is no part of what others are shown. */
export function webUrl(text: string | undefined): string | null {
  if (text === undefined || !/^https?:\/\//i.test(text) || text.length > LONGEST) return null;
  try {
    const url = new URL(text);
    url.username = '';
    url.password = '';
    return url.href;
  } catch {
    return null;
  }
}

/** To append a path to: null where that would lead elsewhere. */
export function webBase(text: string | undefined): string | null {
  const url = webUrl(text);
  return url === null || /[?#]/.test(url) ? null : url.replace(/\/+$/, '');
}

/** GitHub, also Gitea and Forgejo: the repository's page. */
export function gitHubPage({ GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository }: Env): string | null {
  return server && repository ? webBase(`${server}/${repository}`) : null;
}

/** Of the run, on the same. */
export function gitHubRunPage(env: Env): string | null {
  const page = gitHubPage(env);
  const run = env.GITHUB_RUN_ID;
  return page !== null && isNumber(run) ? `${page}/actions/runs/${run}` : null;
}

export function isNumber(text: string | undefined): text is string {
  return text !== undefined && /^\d{1,20}$/.test(text);
}
