// Connections to Postgres. One pool belongs to one organisation: its connections start in the service's role with the
// organisation set, so row-level security holds below every query and nothing has to be set per transaction.

import pg from 'pg';
import { Fault } from '../base/fault.ts';

export interface Queries {
  /** Runs one named, parametrised statement. Names are unique per text; Postgres plans each once per connection. */
  query<Row>(name: string, text: string, values: readonly unknown[]): Promise<Row[]>;
}

export interface Transaction extends Queries {
  readonly organisation: string;
}

export interface Database extends Queries {
  readonly organisation: string;
  /** All or nothing. A lost connection at commit is `store.unavailable`: the outcome is unknown and must be asked for. */
  transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /** How many connections are open, in use, and how many callers wait. */
  usage(): { readonly open: number; readonly idle: number; readonly waiting: number };
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly organisation: string;
  /** Shown in pg_stat_activity: `throughline intake`. */
  readonly application: string;
  readonly connectionsMax: number;
  readonly statementMsMax?: number;
  /**
   * Each statement is planned once per connection, whatever its values: for pools whose statements all go by key. Postgres
   * would plan a batch smaller than it guesses anew each time, which costs more than the batch.
   */
  readonly plansOnce?: boolean;
}

const int8 = 20;
const date = 1082;
const types = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === int8) return Number;
    if (oid === date) return (text: string) => text;
    return pg.types.getTypeParser(oid, format as 'text');
  }) as typeof pg.types.getTypeParser,
};

const conflicts = new Set(['40001', '40P01', '23505', '55P03']);
const gone = /^(57P0[1-5]|08|53|25006|57014|58)/;
const lost = /terminated|timeout|ECONN|EPIPE|socket|not queryable|closed the connection|read ETIMEDOUT/i;

/** A driver's error as a fault. SQL texts and values stay in the cause, which nobody prints. */
export function asStoreFault(thrown: unknown): Fault {
  if (thrown instanceof Fault) return thrown;
  const code = (thrown as { code?: unknown }).code;
  const text = thrown instanceof Error ? thrown.message : '';
  if (typeof code === 'string') {
    if (conflicts.has(code)) return new Fault('store.conflict', { cause: thrown });
    if (gone.test(code) || code.startsWith('E')) return new Fault('store.unavailable', { cause: thrown, detail: code });
    return new Fault('defect.unexpected', { cause: thrown, detail: `SQLSTATE ${code}` });
  }
  if (lost.test(text)) return new Fault('store.unavailable', { cause: thrown });
  return new Fault('defect.unexpected', { cause: thrown });
}

const slug = /^[a-z0-9][a-z0-9-]{0,62}$/;

export function openDatabase(options: DatabaseOptions): Database {
  const { organisation } = options;
  if (!slug.test(organisation)) throw new Fault('config.invalid', { detail: `organisation id "${organisation}"` });
  const statementMsMax = options.statementMsMax ?? 30_000;
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.application,
    // An acknowledgment means on disk, whatever the server or the database is set to.
    options: `-c role=throughline_service -c throughline.organisation=${organisation} -c synchronous_commit=on -c statement_timeout=${statementMsMax} -c idle_in_transaction_session_timeout=60000${options.plansOnce ? ' -c plan_cache_mode=force_generic_plan' : ''}`,
    max: options.connectionsMax,
    connectionTimeoutMillis: 5_000,
    query_timeout: statementMsMax + 5_000,
    keepAlive: true,
    idleTimeoutMillis: 60_000,
    types,
  });
  pool.on('error', () => undefined);
  // For as long as a client lives: between its hands (connected, given out, returned) an error that nobody hears would
  // end the process. Whoever asks something of a lost connection is told by the answer.
  pool.on('connect', (client) => client.on('error', () => undefined));

  async function query<Row>(name: string, text: string, values: readonly unknown[]): Promise<Row[]> {
    try {
      return (await pool.query({ name, text, values: values as unknown[] })).rows as Row[];
    } catch (thrown) {
      throw asStoreFault(thrown);
    }
  }

  async function transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    let client: pg.PoolClient;
    try {
      client = await pool.connect();
    } catch (thrown) {
      throw asStoreFault(thrown);
    }
    let broken: Fault | undefined;
    const tx: Transaction = {
      organisation,
      async query<Row>(name: string, text: string, values: readonly unknown[]): Promise<Row[]> {
        try {
          return (await client.query({ name, text, values: values as unknown[] })).rows as Row[];
        } catch (thrown) {
          const fault = asStoreFault(thrown);
          if (fault.kind === 'unavailable') broken = fault;
          throw fault;
        }
      },
    };
    try {
      await client.query('begin');
      const result = await work(tx);
      await client.query('commit');
      return result;
    } catch (thrown) {
      const fault = asStoreFault(thrown);
      if (fault.kind === 'unavailable') broken = fault;
      if (!broken) await client.query('rollback').catch((error: unknown) => (broken = asStoreFault(error)));
      throw fault;
    } finally {
      client.release(broken !== undefined);
    }
  }

  return {
    organisation,
    query,
    transaction,
    usage: () => ({ open: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    close: () => pool.end(),
  };
}
