// Client assertions already used (SMART Backend Services: a `jti` is accepted once until it expires).

import type { Queries } from './pool.ts';

/** False when this client has used the id before. */
export async function useAssertion(
  queries: Queries,
  organisation: string,
  client: string,
  jti: string,
  expiresAt: number,
): Promise<boolean> {
  const rows = await queries.query(
    'assertions.use',
    `insert into client_assertion (organisation, client, jti, expires_at)
     values ($1, $2, $3, to_timestamp($4::float8 / 1000)) on conflict do nothing returning 1`,
    [organisation, client, jti, expiresAt],
  );
  return rows.length > 0;
}

/** Forgets assertions that could not be used any more. */
export async function forgetAssertions(queries: Queries, before: number): Promise<void> {
  await queries.query(
    'assertions.forget',
    'delete from client_assertion where expires_at < to_timestamp($1::float8 / 1000)',
    [before],
  );
}
