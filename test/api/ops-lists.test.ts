// No list under /ops ends in silence: where it goes on behind what was asked for, it says so.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { noTally } from '../../src/hl7/batch-tally.ts';
import { aFhirServer, type FhirServer } from '../support/fhir-server.ts';
import { anOperator } from '../support/operator.ts';

const { partner: operator, client } = anOperator('here');

let server: FhirServer;
beforeAll(async () => {
  server = await aFhirServer({ clients: [operator] });
  const { owner } = server;
  await owner.query(
    `insert into ops_item (organisation, kind, key, owner, opened_at, last_seen_at, details)
     select 'here', 'quiet-feed', n::text, 'nurse', now(), now(), '{}' from generate_series(1, 3) n`,
  );
  await owner.query(
    `insert into intake_file (organisation, partner, source, name, tally, started_at, seen_at)
     select 'here', 'hospital', 'http', n::text, $1, now(), now() from generate_series(1, 3) n`,
    [JSON.stringify(noTally)],
  );
  await owner.query(
    `insert into intake_file_message (organisation, file, number, position, line, answer)
     select 'here', 1, n, n, n, 'AA' from generate_series(1, 3) n`,
  );
  await owner.query(
    `insert into panel_load (organisation, digest, source, mode, as_of, received_at, received_by, base, counts, guards)
     select 'here', '', n::text, 'add', '2026-11-18', now(), 'ida', 0, '{}', '[]' from generate_series(1, 3) n`,
  );
  await owner.query(
    `insert into match_review (organisation, id, reason, subject, fingerprint, candidates, candidate_ids, opened_at, opened_by)
     select 'here', 'r' || n, 'similar-person', '{"identifiers":[],"demographics":{}}', n, '[]', '{}', now(), 1
       from generate_series(1, 3) n`,
  );
});
afterAll(() => server.close());

test.each<[path: string, list: string, next: string]>([
  ['/items', 'items', 'before=2'],
  ['/files', 'files', 'before=2'],
  ['/files/1', 'outcomes', 'after=2'],
  ['/panel/loads', 'loads', 'before=2'],
  ['/reviews', 'reviews', 'after=r2'],
])('%s says where it goes on', async (path, list, next) => {
  const headers = { authorization: `Bearer ${await server.token(client, 'system/*.rs')}` };
  const ask = async (query: string) => {
    const body = (await (await fetch(`${server.url}/ops${path}?${query}`, { headers })).json()) as Record<
      string,
      unknown
    >;
    return [(body[list] as unknown[]).length, body.more];
  };
  expect(await ask('limit=2')).toEqual([2, true]);
  expect(await ask(`limit=2&${next}`)).toEqual([1, undefined]);
  expect(await ask('limit=3')).toEqual([3, undefined]);
});
