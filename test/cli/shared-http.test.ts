/** Pipelines that share a state behind the protocol of Terraform's `http` backend. */
import { folder } from '../support/cli.ts';
import { stateServer } from '../support/state-server.ts';
import { sharedState } from './shared-pipelines.ts';

sharedState({
  name: 'http',
  // GitLab shows the words of whoever asks.
  tellsJob: false,
  keepsHistory: false,
  async make() {
    const server = await stateServer('strict');
    return {
      settings: '{ backend: http }',
      env: server.env,
      isFoundFromLocal: true,
      checkout: async () => folder(),
      async readOnly() {
        server.mischief = (method) =>
          method === 'GET' ? undefined : { is: 'answer', status: 403, body: '{"message":"403 Forbidden"}' };
        return server.env;
      },
      end: server.end,
    };
  },
}).run();
