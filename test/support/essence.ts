// What a store says, whatever ids and versions it uses: every resource with each id replaced by a digest of what the
// thing is and of what it refers to. Two stores that say the same have the same essence.

import { createHash } from 'node:crypto';
import type pg from 'pg';

interface Stored {
  readonly key: string;
  readonly body: Record<string, unknown>;
}

const hash = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 12);
const isId = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Sorted lines, one a resource. Left out: Provenance, which says which message came when, and Communication, which tells
 * owners of a repair only where the work had been theirs to see.
 */
export async function essenceOf(owner: pg.Client, organisation: string): Promise<string[]> {
  const { rows } = await owner.query(
    `select type || '/' || id as key, body from resource where organisation = $1 and type not in ('Provenance', 'Communication') order by 1`,
    [organisation],
  );
  const stored: Stored[] = rows.map((row: { key: string; body: string }) => ({
    key: row.key,
    body: JSON.parse(row.body),
  }));
  let labels = new Map<string, string>();
  for (let round = 0; round < 5; round += 1) {
    const next = new Map<string, string>();
    for (const { key, body } of stored) next.set(key.split('/')[1] as string, hash(plain(body, labels)));
    labels = next;
  }
  return stored.map(({ key, body }) => `${key.split('/')[0]} ${plain(body, labels)}`).sort();
}

function plain(body: Record<string, unknown>, labels: ReadonlyMap<string, string>): string {
  const { id: _id, meta: _meta, text: _text, ...rest } = body;
  return JSON.stringify(sorted(rest, labels));
}

/** Lists of references are sets here; everything else keeps its order. */
function sorted(value: unknown, labels: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string')
    return value
      .split('/')
      .map((part) => (isId.test(part) ? (labels.get(part) ?? '?') : part))
      .join('/');
  if (Array.isArray(value)) {
    const items = value.map((item) => sorted(item, labels));
    const isSet = items.every(
      (item) => typeof item === 'object' && item !== null && JSON.stringify(item).includes('"reference"'),
    );
    return isSet ? items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, sorted(item, labels)]));
}
