// A port that cannot be had, in plain words: which setting or file asked for it, and what to do.

import { Fault } from '../base/fault.ts';

interface ListenError {
  readonly code?: unknown;
  readonly address?: unknown;
  readonly port?: unknown;
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is taken by another process; stop that one or choose another port',
  EACCES: 'is not open to this user; choose one above 1023 or give the right to it',
  EADDRNOTAVAIL: 'cannot be had, since this machine has no such address; set HOST to one of its own',
};

/** `asker` gives what asked for a port: `MLLP_PORT`. What is no such error stays as it is. */
export function asListenFault(thrown: unknown, asker: (port: number) => string): unknown {
  const { code, address, port } = (thrown ?? {}) as ListenError;
  const reason = typeof code === 'string' ? reasons[code] : undefined;
  if (reason === undefined || typeof port !== 'number') return thrown;
  return new Fault('config.invalid', {
    detail: `${asker(port)}: port ${port} at ${String(address)} ${reason}`,
    cause: thrown,
  });
}
