// How the embedded server is set: for two cores, on the loopback only, and with a log that no patient's data
// can reach.

import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { run } from './run.ts';

export type Settings = Readonly<Record<string, string>>;

const always: Settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  // A batch locks the words by which it names people and stays (locks.ts), for each of many workers at once.
  max_locks_per_transaction: '256',
  shared_buffers: '128MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  jit: 'off',
  // Two cores have nothing to share out, and shared memory of a container may be too small for it.
  max_parallel_workers: '0',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/**
 * Statements and their parameters hold names and birth dates, and so do the texts of errors (a duplicate key
 * is quoted in DETAIL, a bad value in the message itself). Errors go to the client that caused them; the log
 * keeps what the server says of itself (level LOG and above). Seven files, one per weekday, each started anew.
 */
const discreet: Settings = {
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_statement: 'none',
  log_min_duration_statement: '-1',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_checkpoints: 'off',
  logging_collector: 'on',
  log_directory: 'log',
  log_filename: 'postgres-%a.log',
  log_rotation_age: '1d',
  log_rotation_size: '0',
  log_truncate_on_rotation: 'on',
};

const lasting: Settings = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' };

/** For tests: what a power cut would take may be lost. */
const fleeting: Settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

export async function settingsFor(
  options: { readonly durable: boolean; readonly settings?: Settings | undefined },
  binaries: Binaries,
  account: Account | undefined,
): Promise<Settings> {
  return {
    ...always,
    ...(options.durable ? lasting : fleeting),
    ...((await canCompress(binaries, account)) && { wal_compression: 'lz4' }),
    ...options.settings,
    ...discreet,
  };
}

/** Builds differ; one without lz4 refuses the value, and would refuse to start. */
const canCompress = async (binaries: Binaries, account: Account | undefined): Promise<boolean> =>
  (await run(binaries.postgres, ['-c', 'wal_compression=lz4', '--describe-config'], account)).ok;
