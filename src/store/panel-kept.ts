// What is kept of messages about people off the panel, given back to the inbox when they join, and forgotten in time.

import type { LocalDate } from '../base/instant.ts';
import type { Identifier } from '../domain/code.ts';
import { textArray } from './arrays.ts';
import { hasRaw } from './fates.ts';
import { lockWords } from './locks.ts';
import type { Transaction } from './pool.ts';

export interface KeptMessage {
  readonly message: number;
  readonly identifiers: readonly Identifier[];
  readonly day: LocalDate;
  readonly forgetAt: number | undefined;
}

export async function keepOffPanel(tx: Transaction, kept: readonly KeptMessage[]): Promise<void> {
  const rows = kept.flatMap((item) => item.identifiers.map((identifier) => ({ ...item, identifier })));
  if (rows.length === 0) return;
  await tx.query(
    'panel.keep-off-panel',
    `insert into panel_kept (organisation, authority, value, message, day, forget_at)
     select $6, k.authority, k.value, k.message, k.day, to_timestamp(k.forget_at / 1000)
       from unnest($1::text[], $2::text[], $3::bigint[], $4::date[], $5::float8[]) as k (authority, value, message, day, forget_at)
     on conflict do nothing`,
    [
      textArray(rows.map((row) => row.identifier.authority)),
      textArray(rows.map((row) => row.identifier.value)),
      rows.map((row) => row.message),
      rows.map((row) => row.day),
      rows.map((row) => row.forgetAt ?? null),
      tx.organisation,
    ],
  );
}

/** The bytes of these messages, and by what they could be found; that they came is still counted. */
export async function forgetMessages(tx: Transaction, messages: readonly number[]): Promise<void> {
  if (messages.length === 0) return;
  // Whoever was set back meanwhile is not left out any more.
  const left = await tx.query<{ message: number }>(
    'panel.lock-left-out',
    `select message from inbox where message = any ($1::bigint[]) and state = 'ignored' and reason in ('off-panel', 'opted-out')
      order by message for update`,
    [messages],
  );
  const leftOut = left.map((row) => row.message);
  await tx.query('panel.forget-bytes', 'select forget_left_out($1::bigint[])', [leftOut]);
  await tx.query(
    'panel.forget',
    `with gone as (
       delete from panel_kept where message = any ($1::bigint[])
     )
     update inbox set subject = null, visit = null where message = any ($2::bigint[])`,
    [messages, leftOut],
  );
}

/** Messages whose time is over, the oldest first. */
export async function dueToForget(tx: Transaction, now: number, limit: number): Promise<number[]> {
  const rows = await tx.query<{ message: number }>(
    'panel.due-to-forget',
    `select distinct message from panel_kept where forget_at <= to_timestamp($1::float8 / 1000) order by message limit $2`,
    [now, limit],
  );
  return rows.map((row) => row.message);
}

/** Until the transaction ends, nobody's messages are left out while it is asked which of them a load gives back. */
export const lockEntitled = (tx: Transaction): Promise<void> => lockWords(tx, 'entitled', { exclusive: ['panel'] });

/** The other side of it: for whoever reads the panel to leave messages out. */
export const holdEntitled = (tx: Transaction): Promise<void> => lockWords(tx, 'entitled', { shared: ['panel'] });

/** Messages kept of people whom this load attributes on the day they happened. */
export async function entitledBy(tx: Transaction, load: number): Promise<number[]> {
  const rows = await tx.query<{ message: number }>(
    'panel.entitled-by',
    `select distinct k.message from panel_member m
       join panel_kept k on k.organisation = m.organisation and k.authority = m.authority and k.value = m.value
      where m.load = $1 and (m.from_day is null or m.from_day <= k.day) and (m.until_day is null or m.until_day >= k.day)
      order by k.message`,
    [load],
  );
  return rows.map((row) => row.message);
}

/** Sets messages back to be read again, each if its bytes are still here; the decision given up stays beside it. */
export async function giveBack(tx: Transaction, messages: readonly number[], by: string, now: number): Promise<number> {
  if (messages.length === 0) return 0;
  const rows = await tx.query(
    'panel.give-back',
    `with gone as (
       delete from panel_kept where message = any ($1::bigint[])
     ), chosen as materialized (
       select i.organisation, i.message, i.replays, i.state, i.reason, i.note, i.warnings, i.patient, i.decided_at from inbox i
        where i.message = any ($1::bigint[]) and i.state in ('ignored', 'applied') and ${hasRaw} order by i.message for update
     ), remembered as (
       insert into inbox_decision (organisation, message, replay, state, reason, note, warnings, patient, decided_at, set_back_at, set_back_by)
       select organisation, message, replays, state, reason, note, warnings, patient, decided_at, to_timestamp($2::float8 / 1000), $3 from chosen
     )
     update inbox set state = 'received', reason = null, decided_at = null, attempts = 0, not_before = null, replays = inbox.replays + 1
       from chosen c where inbox.organisation = c.organisation and inbox.message = c.message
     returning 1`,
    [messages, now, by],
  );
  return rows.length;
}
