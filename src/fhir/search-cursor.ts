// Page cursors: where a page ended, as opaque text that only fits the query it came from (FHIR R4 http.html#paging).
// A cursor is checked as strictly as any other input; it holds sort values, never a permission.

import { createHash } from 'node:crypto';
import { Fault } from '../base/fault.ts';
import { isResourceId } from './reference.ts';
import type { Cursor, SortKey } from './search-query.ts';

const timeForm = /^\d{4,5}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

/** Ties a cursor to what was asked. */
export const digestOf = (...parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 16);

export function isCursorTime(text: string): boolean {
  const ms = timeForm.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === text.slice(0, 10);
}

function fits(key: string | null, { column }: SortKey): boolean {
  if (key === null) return column !== 'id' && column !== 'updated_at';
  if (column === 'id') return isResourceId(key);
  if (column === 'status') return key.length <= 64 && !/[\u0000-\u001f]/.test(key);
  return isCursorTime(key);
}

export const writeCursor = (digest: string, cursor: Cursor): string =>
  Buffer.from(JSON.stringify([digest, cursor.keys, cursor.total ?? null])).toString('base64url');

function decode(text: string): unknown {
  if (text.length > 1024 || !/^[A-Za-z0-9_-]+$/.test(text)) return undefined;
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** A cursor of another query, or a made-up one, is refused. */
export function readCursor(text: string, digest: string, sort: readonly SortKey[]): Cursor {
  const refused = new Fault('fhir.parameter-value', { detail: '_cursor: not a cursor of this search' });
  const value = decode(text);
  if (!Array.isArray(value) || value.length !== 3 || value[0] !== digest) throw refused;
  const [, keys, total] = value as [string, unknown, unknown];
  if (!Array.isArray(keys) || keys.length !== sort.length) throw refused;
  for (const [at, key] of sort.entries()) {
    const given: unknown = keys[at];
    if ((given !== null && typeof given !== 'string') || !fits(given, key)) throw refused;
  }
  if (total !== null && !(Number.isSafeInteger(total) && (total as number) >= 0)) throw refused;
  return { keys: keys as (string | null)[], ...(total === null ? {} : { total: total as number }) };
}
