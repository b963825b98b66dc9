// The log on standard output: one JSON line an event (pino).

import { pino } from 'pino';
import type { Log } from '../base/log.ts';

export function writeLog(level: 'info' | 'warn' | 'error' | 'silent'): Log {
  const out = pino({ level, base: null, timestamp: () => `,"time":"${new Date().toISOString()}"` });
  return {
    info: (event, fields) => out.info(fields ?? {}, event),
    warn: (event, fields) => out.warn(fields ?? {}, event),
    error: (event, fields) => out.error(fields ?? {}, event),
  };
}
