// What one run left in the database, read as it lies there: messages with their fate, resources with their history, audit.

import type pg from 'pg';

export interface KeptMessage {
  readonly id: number;
  readonly controlId: string;
  readonly state: string | null;
  readonly reason: string | null;
  readonly raw: Buffer | null;
  /** States of earlier decisions that were given up to read it again. */
  readonly before: readonly string[] | null;
}

export interface KeptResource {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly body: string;
  /** Earlier versions. */
  readonly history: readonly number[] | null;
}

export interface KeptAudit {
  readonly interaction: string;
  readonly request: string;
  readonly resources: readonly string[];
}

export interface Kept {
  readonly messages: readonly KeptMessage[];
  readonly resources: readonly KeptResource[];
  readonly audit: readonly KeptAudit[];
}

export async function readKept(owner: pg.Client, organisation: string): Promise<Kept> {
  const rows = async <Row>(name: string, text: string): Promise<Row[]> =>
    (await owner.query({ name, text, values: [organisation] })).rows as Row[];
  return {
    messages: await rows<KeptMessage>(
      'simulation.messages',
      `select m.id, m.control_id as "controlId", i.state, i.reason, r.raw,
              (select array_agg(d.state) from inbox_decision d
                where d.organisation = m.organisation and d.message = m.id) as before
         from message m
         left join inbox i on i.organisation = m.organisation and i.message = m.id
         left join message_raw r on r.organisation = m.organisation and r.id = m.id
        where m.organisation = $1`,
    ),
    resources: await rows<KeptResource>(
      'simulation.resources',
      `select r.type, r.id, r.version, r.body,
              (select array_agg(h.version order by h.version) from resource_history h
                where h.organisation = r.organisation and h.type = r.type and h.id = r.id) as history
         from resource r where r.organisation = $1`,
    ),
    audit: await rows<KeptAudit>(
      'simulation.audit',
      `select interaction, request, resources from audit where organisation = $1 and interaction in ('message', 'timer', 'match-review')`,
    ),
  };
}
