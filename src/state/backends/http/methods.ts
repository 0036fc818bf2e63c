/** Whether the methods of the lock and of the state get into each other's way. */
import { FleetformError } from '../../../model/errors.ts';
import { GITLAB_HINT } from './login.ts';

type Three<T> = Readonly<Record<'state' | 'lock' | 'unlock', T>>;

const OF_STATES = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE']);

/** Throws `state.method`. GitLab's methods at the address of the state would store the lock as the state, and delete that. */
export function refuseMixedUp(addresses: Three<{ readonly url: URL }>, methods: Three<string>): void {
  if (methods.state === 'GET' || methods.state === 'HEAD' || methods.state === 'DELETE') {
    throw new FleetformError('state.method', `the state cannot be written with ${methods.state}`, {
      hint: 'The update method is POST (the default) or PUT.',
    });
  }
  for (const role of ['lock', 'unlock'] as const) {
    const method = methods[role];
    const isSame = addresses[role].url.href === addresses.state.url.href;
    if (!isSame || !(OF_STATES.has(method) || method === methods.state)) continue;
    throw new FleetformError(
      'state.method',
      `the ${role} method is ${method}, at the address of the state itself: it would change the state`,
      { hint: `Set the addresses of the lock as well. ${GITLAB_HINT}` },
    );
  }
  if (methods.lock !== methods.unlock || addresses.lock.url.href !== addresses.unlock.url.href) return;
  throw new FleetformError('state.method', `the lock and the unlock method are both ${methods.lock}`, {
    hint: `Set two methods, or two addresses. ${GITLAB_HINT}`,
  });
}
