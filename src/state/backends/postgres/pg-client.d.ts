/** Of the driver, what is used here. Its front door also knows a native part, which the environment could switch on. */
declare module 'pg/lib/client.js' {
  import type { EventEmitter } from 'node:events';
  import type { Socket } from 'node:net';
  import type { ConnectionOptions } from 'node:tls';

  export interface ClientSettings {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly database: string;
    readonly password: () => string;
    readonly ssl: ConnectionOptions | false;
    readonly sslnegotiation: 'postgres' | 'direct';
    readonly enableChannelBinding: boolean;
    readonly application_name: string;
    readonly client_encoding: string;
    readonly options?: string;
    readonly keepAlive: boolean;
  }

  export default class Client extends EventEmitter {
    constructor(settings: ClientSettings);
    readonly connection: EventEmitter & { readonly stream: Socket };
    /** Between the first and the last message of a SCRAM login. */
    readonly saslSession?: { readonly mechanism: string } | null;
    connect(): Promise<void>;
    query(
      text: string,
      values?: readonly unknown[],
    ): Promise<{ rows: Record<string, string | null>[] } | { rows: Record<string, string | null>[] }[]>;
    end(): Promise<void>;
    ref(): void;
    unref(): void;
  }
}
