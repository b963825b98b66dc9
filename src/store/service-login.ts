// A login of its own for the service's role on the embedded database, so that not even a session of the service could
// become the owner again. The password is the caller's to keep.

import pg from 'pg';

const role = 'throughline_service';

/** The address with which the service connects; lets the role log in with this password if it does not yet. */
export async function serviceAddress(ownerUrl: string, password: string): Promise<string> {
  const address = new URL(ownerUrl);
  address.username = role;
  address.password = password;
  if (await canConnect(address.href)) return address.href;
  const owner = new pg.Client({ connectionString: ownerUrl, application_name: 'throughline login' });
  await owner.connect();
  try {
    await owner.query('begin');
    await owner.query('select pg_advisory_xact_lock(7464)');
    // A role's password cannot be bound; the literal is escaped by the driver.
    await owner.query(`alter role ${role} login password ${owner.escapeLiteral(password)}`);
    await owner.query('commit');
  } finally {
    await owner.end();
  }
  return address.href;
}

async function canConnect(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, application_name: 'throughline login' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}
