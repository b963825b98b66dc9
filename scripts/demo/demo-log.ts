// The log of the service while the demo speaks to a person: only what went wrong, on the standard error.

import type { Log, LogFields } from '../../src/base/log.ts';

export const demoLog: Log = {
  info: () => undefined,
  warn: (event, fields) => write('warning', event, fields),
  error: (event, fields) => write('error', event, fields),
};

const write = (level: string, event: string, fields: LogFields = {}): void => {
  process.stderr.write(`${level}: ${event} ${JSON.stringify(fields)}\n`);
};
