import { setTimeout as delay } from 'node:timers/promises';
import type { Sleep } from '../api/waiting.ts';

/** An aborted one leaves no timer behind, for which the process would wait. */
export const sleep: Sleep = (ms, signal) => delay(ms, undefined, signal === undefined ? {} : { signal });
