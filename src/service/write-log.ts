// The log on standard output: one JSON line an event (pino). Lines go out together, ten times a second, since a system
// call for each costs a read by id a fifth of its time; warnings and errors go out at once, the rest at the exit.

import { pino } from 'pino';
import type { Log } from '../base/log.ts';

export function writeLog(level: 'info' | 'warn' | 'error' | 'silent'): Log {
  const timestamp = () => `,"time":"${new Date().toISOString()}"`;
  const destination = pino.destination({ dest: 1, sync: false, minLength: 8_192, periodicFlush: 100 });
  const out = pino({ level, base: null, timestamp }, destination);
  return {
    info: (event, fields) => out.info(fields ?? {}, event),
    warn(event, fields) {
      out.warn(fields ?? {}, event);
      destination.flush();
    },
    error(event, fields) {
      out.error(fields ?? {}, event);
      destination.flush();
    },
  };
}
