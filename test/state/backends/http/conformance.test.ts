/** The http backend as every backend, against servers of each kind. */
import type { HttpStateSettings } from '../../../../src/model/desired.ts';
import { openHttp } from '../../../../src/state/backends/http/backend.ts';
import { type Kind, stateServer } from '../../../support/state-server.ts';
import { conformance, type Place } from '../conformance.ts';

const FILE: HttpStateSettings = {};

async function placeOn(kind: Kind): Promise<Place> {
  const server = await stateServer(kind);
  return {
    open: async (options) => openHttp(FILE, server.env, () => {}, { waitMinMs: 1, waitMaxMs: 4, ...options }),
    async put(text) {
      server.state = text;
    },
    loseAnswer(nth, when) {
      let seen = 0;
      server.mischief = (method) => {
        if (method === 'GET') return undefined;
        seen += 1;
        return seen === nth ? { is: `reset-${when}` } : undefined;
      };
      return () => seen >= nth;
    },
    end: () => server.end(),
  };
}

// The protocol knows of no sign of life.
conformance('http state, a strict server', () => placeOn('strict'), { showsLife: false }).run();
conformance('http state, a lenient server', () => placeOn('lenient'), { showsLife: false }).run();
