// A patient opts out, or withdraws it: recorded for every identifier that is known to be the same person's, and honoured
// from the next message on. What stands stays: cancelling work, or calling, is for a person to decide.

import { addDays } from '../base/calendar.ts';
import { Fault } from '../base/fault.ts';
import type { LocalDate } from '../base/instant.ts';
import { keepAudit } from '../store/audit.ts';
import { findOptOuts, identifiersOfPerson, keepOptOuts, type OptOut, withdrawOptOuts } from '../store/opt-outs.ts';
import type { Database, Transaction } from '../store/pool.ts';
import type { Acting } from './load-panel.ts';

interface Named {
  readonly authority: string;
  readonly value: string;
}

export interface OptOutResult {
  readonly optOuts: readonly OptOut[];
  /** Records here that are the person's. */
  readonly patients: readonly string[];
}

export function optOut(
  database: Database,
  person: Named,
  said: { readonly from: LocalDate; readonly until?: LocalDate; readonly note?: string },
  acting: Acting,
): Promise<OptOutResult> {
  return of(database, person, acting, 'opt-out', (tx, identifiers) =>
    keepOptOuts(tx, identifiers, { ...said, by: acting.actor }, acting.now),
  );
}

/** From the day on. Throws `ops.conflict` where nothing lasts so long. */
export function withdrawOptOut(
  database: Database,
  person: Named,
  from: LocalDate,
  acting: Acting,
): Promise<OptOutResult> {
  return of(database, person, acting, 'opt-out withdrawn', async (tx, identifiers) => {
    const said = { until: addDays(from, -1), by: acting.actor };
    if ((await withdrawOptOuts(tx, identifiers, said, acting.now)) === 0)
      throw new Fault('ops.conflict', { detail: 'no opt-out lasts beyond that day' });
  });
}

function of(
  database: Database,
  person: Named,
  { actor, now }: Acting,
  interaction: string,
  change: (tx: Transaction, identifiers: readonly Named[]) => Promise<void>,
): Promise<OptOutResult> {
  return database.transaction(async (tx) => {
    const known = await identifiersOfPerson(tx, person);
    const identifiers = new Map([person, ...known].map((one) => [`${one.authority}|${one.value}`, one]));
    const patients = [...new Set(known.flatMap(({ patient }) => patient ?? []))];
    await change(tx, [...identifiers.values()]);
    const optOuts = await findOptOuts(tx, [...identifiers.values()]);
    const entry = { actor, action: 'U', interaction, outcome: 0, patients, resources: [] } as const;
    await keepAudit(tx, tx.organisation, [entry], now);
    return { optOuts, patients };
  });
}
