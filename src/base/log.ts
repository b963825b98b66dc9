// Structured logs: one line, one event, static text, named fields. The field names are a closed type and none of them
// can hold a name, a birth date or a message body, so no patient data can reach a log by accident.

export type LogField =
  | 'organisation'
  | 'partner'
  | 'client'
  | 'message'
  | 'messages'
  | 'connection'
  | 'connections'
  | 'remote'
  | 'port'
  | 'address'
  | 'code'
  | 'kind'
  | 'detail'
  | 'trigger'
  | 'state'
  | 'method'
  | 'route'
  | 'status'
  | 'ms'
  | 'request'
  | 'count'
  | 'bytes'
  | 'shard'
  | 'attempt'
  | 'version'
  | 'signal'
  | 'path'
  | 'pid'
  | 'file'
  | 'cause';

export type LogFields = { readonly [Field in LogField]?: string | number | boolean | undefined };

export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** For tests and tools that print nothing. */
export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * What may be said of an error: its class and code, and where in our code it arose. Never its message, which may quote
 * what a sender or a database sent.
 */
export function describeCause(thrown: unknown): string {
  if (!(thrown instanceof Error)) return typeof thrown;
  const code = (thrown as { code?: unknown }).code;
  const place = /\/(?:src|dist)\/[^\s)]+/.exec(thrown.stack?.split('\n').slice(1).join('\n') ?? '')?.[0] ?? '';
  const cause = thrown.cause === undefined ? '' : ` < ${describeCause(thrown.cause)}`;
  return `${thrown.name}${typeof code === 'string' ? ` ${code}` : ''}${place ? ` at ${place}` : ''}${cause}`;
}
