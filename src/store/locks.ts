// Advisory locks on words: until the transaction ends, always in one order, and never more than the lock table holds.

import type { Transaction } from './pool.ts';

/** First keys of advisory locks. 7463 are the shards of the inbox, 7466 is a panel that is being changed. */
const lockSpaces = { looks: 7_464, stays: 7_467, newcomers: 7_468, entitled: 7_469 } as const;

/**
 * A batch that names more than this locks all words of its kind at once instead, alone: the lock table of Postgres is one
 * for the whole cluster, by default 64 locks for each connection it allows.
 */
const wordsMax = 1_000;

/** Stands for all words of a kind: shared by whoever locks single ones. */
const all = 0;

export interface WordLocks {
  /** Side by side with others that share them. */
  readonly shared?: readonly string[];
  /** Alone. A word that is in both is locked alone. */
  readonly exclusive?: readonly string[];
}

export async function lockWords(
  tx: Transaction,
  space: keyof typeof lockSpaces,
  { shared = [], exclusive = [] }: WordLocks,
): Promise<void> {
  if (shared.length === 0 && exclusive.length === 0) return;
  const keyOf = (word: string) => hash(`${tx.organisation}#${word}`);
  const alone = new Set(exclusive.map(keyOf));
  const keys = [...new Set([...alone, ...shared.map(keyOf)])].sort((a, b) => a - b);
  const isTooMany = keys.length > wordsMax;
  await tx.query(
    `locks.${space}`,
    `select count(case when k.alone then pg_advisory_xact_lock($1, k.key) else pg_advisory_xact_lock_shared($1, k.key) end)
       from (select w.key, w.alone from unnest($2::int[], $3::boolean[]) with ordinality as w (key, alone, position) order by w.position) as k`,
    [
      lockSpaces[space],
      isTooMany ? [all] : [all, ...keys],
      isTooMany ? [true] : [false, ...keys.map((key) => alone.has(key))],
    ],
  );
}

/** FNV-1a as a signed 32-bit number other than 0. Two words of one hash wait for each other, which does no harm. */
function hash(word: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < word.length; at += 1) value = Math.imul(value ^ word.charCodeAt(at), 0x01000193);
  return value === all ? 1 : value | 0;
}
