// Audit rows: who saw or did what, of whom, with what outcome (IHE BALP; FHIR R4 auditevent.html). Reads and searches
// write theirs in their own statements; these are for what changes things, and for denials.

import { textArray } from './arrays.ts';
import type { Queries } from './pool.ts';

export interface AuditEntry {
  /** `system:client`, `feed:partner`, `service`. */
  readonly actor: string;
  readonly action: 'C' | 'R' | 'U' | 'D' | 'E';
  /** FHIR restful-interaction code, or our own word. */
  readonly interaction: string;
  /** FHIR audit-event-outcome: 0 success, 4 minor failure, 8 serious failure. */
  readonly outcome: 0 | 4 | 8;
  readonly patients: readonly string[];
  readonly resources: readonly string[];
  readonly request?: string | undefined;
}

/** Unit separator: no id and no reference holds it. */
const separator = '\x1f';

export async function keepAudit(
  queries: Queries,
  organisation: string,
  entries: readonly AuditEntry[],
  now: number,
): Promise<void> {
  if (entries.length === 0) return;
  await queries.query(
    'audit.keep',
    `insert into audit (organisation, at, actor, action, interaction, outcome, patients, resources, request)
     select $1, to_timestamp($2::float8 / 1000), e.actor, e.action, e.interaction, e.outcome,
            string_to_array(e.patients, E'\\x1f'), string_to_array(e.resources, E'\\x1f'), e.request
       from unnest($3::text[], $4::text[], $5::text[], $6::smallint[], $7::text[], $8::text[], $9::text[])
         as e (actor, action, interaction, outcome, patients, resources, request)`,
    [
      organisation,
      now,
      textArray(entries.map((entry) => entry.actor)),
      entries.map((entry) => entry.action),
      entries.map((entry) => entry.interaction),
      entries.map((entry) => entry.outcome),
      textArray(entries.map((entry) => entry.patients.join(separator))),
      textArray(entries.map((entry) => entry.resources.join(separator))),
      entries.map((entry) => entry.request ?? null),
    ],
  );
}
