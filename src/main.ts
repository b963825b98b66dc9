// The service as a process: settings, start, signals, stop.

import { asFault } from './base/fault.ts';
import { describeCause } from './base/log.ts';
import { readConfig } from './config.ts';
import { startService } from './service/start.ts';
import { writeLog } from './service/write-log.ts';

async function main(): Promise<void> {
  const config = readConfig();
  const log = writeLog(config.logLevel);
  process.on('unhandledRejection', (thrown) => log.error('unexpected rejection', { cause: describeCause(thrown) }));
  const service = await startService(config, { log });
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) return; // a group signal and npm may both bring it
    stopping = true;
    log.info('stopping', { signal });
    void service.stop().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch((thrown: unknown) => {
  const fault = asFault(thrown);
  process.stderr.write(`Throughline cannot start: ${fault.message}\n`);
  if (fault.detail !== undefined) process.stderr.write(`${fault.detail.replace(/^/gm, '  ')}\n`);
  if (fault.kind === 'defect') process.stderr.write(`  ${describeCause(fault)}\n`);
  process.exit(1);
});
