/** Pipelines that share a state in a PostgreSQL database. */
import { folder } from '../support/cli.ts';
import { type Cluster, startPostgres } from '../support/postgres.ts';
import { needs } from '../support/tools.ts';
import { sharedState } from './shared-pipelines.ts';

let cluster: Cluster | undefined;
let schemas = 0;

const it = sharedState({
  name: 'postgres',
  tellsJob: true,
  keepsHistory: true,
  suiteOf: (all) => needs(all, 'postgres'),
  async make() {
    cluster ??= await startPostgres();
    const { env, sql } = cluster;
    const schema = `place_${++schemas}`;
    return {
      settings: `{ backend: postgres, schema: ${schema} }`,
      env: env(),
      // It looks in the schema that the file does not name.
      isFoundFromLocal: false,
      checkout: async () => folder(),
      async readOnly() {
        await sql("CREATE ROLE reader LOGIN PASSWORD 'reader-reader'");
        await sql(`GRANT USAGE ON SCHEMA ${schema} TO reader`);
        await sql(`GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO reader`);
        return env({ PGUSER: 'reader', PGPASSWORD: 'reader-reader' });
      },
      end: async () => {},
    };
  },
});
it.after(() => cluster?.end());
it.run();
