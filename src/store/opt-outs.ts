// Opt-outs in Postgres: from which day to which a patient, by each of their identifiers, does not want to be told of.

import type { PatientId } from '../base/id.ts';
import type { LocalDate } from '../base/instant.ts';
import type { Identifier } from '../domain/code.ts';
import { textArray } from './arrays.ts';
import type { Queries, Transaction } from './pool.ts';

export interface OptOut {
  readonly id: number;
  readonly authority: string;
  readonly value: string;
  readonly from: LocalDate;
  readonly until: LocalDate | null;
  readonly note: string | null;
  readonly recordedAt: Date;
  readonly recordedBy: string;
  readonly withdrawnAt: Date | null;
  readonly withdrawnBy: string | null;
}

/** Every identifier known to be the same person's: of the panel, and of the patient's records, merged ones among them. */
export function identifiersOfPerson(
  queries: Queries,
  asked: { readonly authority?: string; readonly value: string },
): Promise<(Identifier & { readonly patient: string | null })[]> {
  return queries.query(
    'opt-outs.identifiers-of-person',
    `with recursive named as (
       select authority, value, person, null::text as patient from panel_member where value = $1 and ($2::text is null or authority = $2)
       union
       select authority, value, null, patient from patient_identifier where value = $1 and ($2::text is null or authority = $2)
     ), upward (id) as (
       select patient from named where patient is not null
       union
       select p.replaced_by from upward join patient p on p.id = upward.id where p.replaced_by is not null
     ), family (id) as (
       select id from upward
       union
       select p.id from family join patient p on p.replaced_by = family.id
     )
     select distinct authority, value, patient from (
       select m.authority, m.value, null::text as patient from panel_member m where m.person in (select person from named where person is not null)
       union all
       select i.authority, i.value, i.patient from patient_identifier i where i.patient in (select id from family)
     ) known order by authority, value`,
    [asked.value, asked.authority ?? null],
  );
}

export async function keepOptOuts(
  tx: Transaction,
  identifiers: readonly Pick<Identifier, 'authority' | 'value'>[],
  said: { readonly from: LocalDate; readonly until?: LocalDate; readonly note?: string; readonly by: string },
  now: number,
): Promise<void> {
  await tx.query(
    'opt-outs.keep',
    `insert into panel_opt_out (organisation, authority, value, from_day, until_day, note, recorded_at, recorded_by)
     select $3, i.authority, i.value, $4, $5, $6, to_timestamp($7::float8 / 1000), $8 from unnest($1::text[], $2::text[]) as i (authority, value)`,
    [
      textArray(identifiers.map((identifier) => identifier.authority)),
      textArray(identifiers.map((identifier) => identifier.value)),
      tx.organisation,
      said.from,
      said.until ?? null,
      said.note ?? null,
      now,
      said.by,
    ],
  );
}

/** Ends what lasts beyond the day. Returns how many there were. */
export async function withdrawOptOuts(
  tx: Transaction,
  identifiers: readonly Pick<Identifier, 'authority' | 'value'>[],
  said: { readonly until: LocalDate; readonly by: string },
  now: number,
): Promise<number> {
  const rows = await tx.query(
    'opt-outs.withdraw',
    `update panel_opt_out o set until_day = $3, withdrawn_at = to_timestamp($4::float8 / 1000), withdrawn_by = $5
       from unnest($1::text[], $2::text[]) as i (authority, value)
      where o.authority = i.authority and o.value = i.value and (o.until_day is null or o.until_day > $3)
     returning 1`,
    [
      textArray(identifiers.map((identifier) => identifier.authority)),
      textArray(identifiers.map((identifier) => identifier.value)),
      said.until,
      now,
      said.by,
    ],
  );
  return rows.length;
}

export function findOptOuts(
  queries: Queries,
  identifiers: readonly Pick<Identifier, 'authority' | 'value'>[],
): Promise<OptOut[]> {
  return queries.query(
    'opt-outs.find',
    `select o.id, o.authority, o.value, o.from_day as "from", o.until_day as "until", o.note, o.recorded_at as "recordedAt",
            o.recorded_by as "recordedBy", o.withdrawn_at as "withdrawnAt", o.withdrawn_by as "withdrawnBy"
       from unnest($1::text[], $2::text[]) as i (authority, value)
       join panel_opt_out o on o.authority = i.authority and o.value = i.value order by o.id desc`,
    [
      textArray(identifiers.map((identifier) => identifier.authority)),
      textArray(identifiers.map((identifier) => identifier.value)),
    ],
  );
}

/** Patients whose records do not show yet, or show no longer rightly, whether an opt-out holds on the day. */
export async function optOutsToShow(
  tx: Transaction,
  day: LocalDate,
  limit: number,
): Promise<{ readonly patient: PatientId; readonly holds: boolean }[]> {
  return tx.query(
    'opt-outs.to-show',
    `select i.patient, bool_or(o.from_day <= $1 and (o.until_day is null or o.until_day >= $1)) as holds
       from panel_opt_out o
       join patient_identifier i on i.organisation = o.organisation and i.authority = o.authority and i.value = o.value
       join patient p on p.organisation = i.organisation and p.id = i.patient
      group by i.patient, p.body ->> 'optedOut'
     having bool_or(o.from_day <= $1 and (o.until_day is null or o.until_day >= $1)) <> ((p.body ->> 'optedOut') is not null)
      order by i.patient limit $2`,
    [day, limit],
  );
}
