// What Postgres has said since a moment: its own log files, which it appends to, and the file that catches what it
// says before they are open.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from './place.ts';

/** Call it before a start; what it returns reads what was written after. */
export function markLogs(place: Place): () => string {
  const sizes = new Map(logFiles(place).map((file) => [file, statSync(file).size]));
  return () => {
    const added = logFiles(place).map((file) => readFileSync(file).subarray(sizes.get(file) ?? 0));
    return [readFileSync(place.startLog), ...added].map(String).join('');
  };
}

function logFiles(place: Place): string[] {
  const folder = join(place.cluster, 'log');
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}
