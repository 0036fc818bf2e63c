/**
 * Servers of the protocol of Terraform's `http` backend on 127.0.0.1, as there are: strict (GitLab: it checks each
 * write, and tells of a holder no more than it keeps), lenient (it lets a holder in again, and checks nothing), and
 * nameless (it says that it is locked, and not by whom). Mischief is dealt to single requests.
 */
import { createHash } from 'node:crypto';
import type http from 'node:http';
import { loopback, type Seen } from '../api/loopback.ts';

export type Kind = 'strict' | 'lenient' | 'nameless';

/** What happens to a request: instead of its answer, before or after it has done its work. */
export type Mischief =
  | {
      readonly is: 'answer';
      readonly status: number;
      readonly body?: string;
      readonly headers?: http.OutgoingHttpHeaders;
    }
  | { readonly is: 'reset-before' | 'reset-after' | 'silence' };

export interface StateServer {
  readonly url: string;
  /** The environment that names it, as a pipeline of GitLab sets it. */
  readonly env: Readonly<Record<string, string>>;
  readonly seen: Seen[];
  state: string | null;
  lock: Record<string, string> | null;
  /** Every body that was kept, the newest last. */
  readonly kept: string[];
  /** Asked of each request first, in its order (from 1 for each method). */
  mischief: (method: string, nth: number, url: string) => Mischief | undefined;
  end(): Promise<void>;
}

const USER = 'gitlab-ci-token';
const PASSWORD = 'correct-horse-battery';

export async function stateServer(kind: Kind, tls?: { key: string; cert: string }): Promise<StateServer> {
  const loop = loopback();
  const counts = new Map<string, number>();
  const server = await loop.serve((request, response) => {
    const { body } = server.seen.at(-1)!;
    const method = request.method!;
    const nth = (counts.get(method) ?? 0) + 1;
    counts.set(method, nth);
    const mischief = self.mischief(method, nth, request.url!);
    if (mischief?.is === 'silence') return;
    if (mischief?.is === 'reset-before') return request.socket.destroy();
    if (mischief?.is === 'answer') {
      response.writeHead(mischief.status, mischief.headers);
      return response.end(mischief.body ?? '');
    }
    const { status, text } = answerTo(kind, self, request, body);
    if (mischief?.is === 'reset-after') return request.socket.destroy();
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(text);
  }, tls);
  const url = `${server.url}/state/live`;
  const self: StateServer = {
    url,
    env: {
      TF_HTTP_ADDRESS: url,
      TF_HTTP_LOCK_ADDRESS: `${url}/lock`,
      TF_HTTP_UNLOCK_ADDRESS: `${url}/lock`,
      TF_HTTP_USERNAME: USER,
      TF_HTTP_PASSWORD: PASSWORD,
      ...(kind === 'strict' ? { TF_HTTP_LOCK_METHOD: 'POST', TF_HTTP_UNLOCK_METHOD: 'DELETE' } : {}),
    },
    seen: server.seen,
    state: null,
    lock: null,
    kept: [],
    mischief: () => undefined,
    end: () => loop.end(),
  };
  return self;
}

interface Reply {
  readonly status: number;
  readonly text: string;
}

function answerTo(kind: Kind, self: StateServer, request: http.IncomingMessage, body: string): Reply {
  const url = new URL(request.url!, self.url);
  const authorization = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;
  if (request.headers.authorization !== authorization) return { status: 401, text: '{"message":"401"}' };
  const hash = createHash('md5').update(body).digest('base64');
  if (body !== '' && request.headers['content-md5'] !== hash) return { status: 400, text: 'Content-MD5' };
  if (url.pathname.endsWith('/lock')) return lockAnswer(kind, self, request.method!, body);
  if (request.method === 'GET') {
    if (self.state !== null) return { status: 200, text: self.state };
    return { status: self.lock === null ? 404 : 204, text: '' };
  }
  if (request.method !== 'POST') return { status: 405, text: '' };
  if (kind === 'strict') {
    if (url.searchParams.get('ID') !== (self.lock?.ID ?? null))
      return { status: 409, text: '{"message":"locked"}' };
    const serial = serialIn(body);
    if (self.kept.some((one) => serialIn(one) === serial)) return { status: 422, text: 'version taken' };
  }
  self.state = body;
  self.kept.push(body);
  return { status: 200, text: '' };
}

function lockAnswer(kind: Kind, self: StateServer, method: string, body: string): Reply {
  const asked = JSON.parse(body || '{}') as Record<string, string>;
  const isLocking = method === (kind === 'strict' ? 'POST' : 'LOCK');
  const isUnlocking = method === (kind === 'strict' ? 'DELETE' : 'UNLOCK');
  const held = self.lock;
  if (isLocking) {
    const isIn = held === null || (kind === 'lenient' && held.ID === asked.ID);
    if (isIn) self.lock = kind === 'strict' ? kept(asked) : asked;
    if (kind === 'nameless') return isIn ? { status: 200, text: '' } : { status: 423, text: 'Locked' };
    // GitLab: what it does not keep, it says in the words of who asks.
    const told = kind === 'strict' ? { ...asked, ...self.lock } : self.lock;
    return { status: isIn ? 200 : kind === 'strict' ? 409 : 423, text: JSON.stringify(told) };
  }
  if (!isUnlocking) return { status: 405, text: '' };
  if (kind !== 'lenient' && asked.ID !== undefined && held !== null && held.ID !== asked.ID) {
    return { status: 409, text: '' };
  }
  self.lock = null;
  return { status: 200, text: '' };
}

function kept({ ID = '' }: Record<string, string>): Record<string, string> {
  return { ID, Who: 'ada', Created: new Date().toISOString() };
}

function serialIn(body: string): unknown {
  return (JSON.parse(body) as { serial?: unknown }).serial;
}
