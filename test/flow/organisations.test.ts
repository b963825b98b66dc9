// Two organisations in one service and one database: the port decides whose a message is, the client whose a request
// is; below every query, row-level security keeps each from the other's rows and everyone from the unchangeable ones.

import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { untilDecided, withOwner } from '../support/aftermath.ts';
import { aDatabase, type TestDatabase } from '../support/database.ts';
import { aDischarge, anUpdate } from '../support/hl7.ts';
import { sendOnce } from '../support/sender.ts';
import { type Addresses, type ServiceProcess, startProcess } from '../support/service-process.ts';
import {
  feedOf,
  freePorts,
  type Organisation,
  type TwoOrganisations,
  twoOrganisations,
} from '../support/two-organisations.ts';

const [hill, lake] = ['hill-practice', 'lake-practice'] as const;
const tables = [
  'message',
  'message_raw',
  'inbox',
  'patient',
  'patient_identifier',
  'encounter_event',
  'chart',
  'resource',
  'resource_history',
  'resource_identifier',
  'audit',
];
let database: TestDatabase;
let organisations: TwoOrganisations;
let service: ServiceProcess;
let addresses: Addresses;

beforeAll(async () => {
  database = await aDatabase();
  const [one, other] = (await freePorts(2)) as [number, number];
  organisations = await twoOrganisations({ [hill]: one, [lake]: other });
  service = await startProcess({ DATABASE_URL: database.url, PROFILES_DIR: organisations.profilesDir });
  addresses = await service.ready;
  const common = { mrn: '5001', visit: 'V5001', authority: '', at: '20261118150000-0500' };
  expect(
    await send(hill, aDischarge({ ...common, name: 'Hillary^Ann', facility: 'HILL', controlId: 'same' })),
  ).toContain('MSA|AA|');
  expect(
    await send(hill, anUpdate({ ...common, name: 'Hillary^Anna', facility: 'HILL', controlId: 'more' })),
  ).toContain('MSA|AA|');
  expect(
    await send(lake, aDischarge({ ...common, name: 'Lakeland^Bea', facility: 'LAKE', controlId: 'same' })),
  ).toContain('MSA|AA|');
  await untilDecided(database.ownerUrl);
}, 60_000);
afterAll(() => service.kill('SIGTERM'));

const send = (organisation: Organisation, message: string) =>
  sendOnce(addresses.mllp[feedOf[organisation]] as number, message);

/** In the role of the service, with this organisation set, or none. */
async function asService<Result>(
  organisation: string | undefined,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const setting = organisation === undefined ? '' : ` -c throughline.organisation=${organisation}`;
  const client = new pg.Client({
    connectionString: database.ownerUrl,
    options: `-c role=throughline_service${setting}`,
  });
  await client.connect();
  return await work(client).finally(() => client.end());
}

async function ask(
  organisation: Organisation,
  address: string,
): Promise<{
  status: number;
  body: { total?: number; entry?: { resource: { id: string; name?: { family: string }[] } }[] };
}> {
  const token = await organisations.token(organisation, addresses.http);
  const response = await fetch(`${addresses.http}/fhir/R4/${address}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return { status: response.status, body: (await response.json()) as never };
}

describe('the same number at both hospitals', () => {
  it('is two patients, each seen by its own practice alone', async () => {
    for (const [mine, family, other] of [
      [hill, 'Hillary', lake],
      [lake, 'Lakeland', hill],
    ] as const) {
      const { body } = await ask(mine, 'Patient?identifier=5001');
      expect(body.entry?.map((entry) => entry.resource.name?.[0]?.family)).toEqual([family]);
      const id = body.entry?.[0]?.resource.id;
      expect((await ask(mine, `Patient/${id}`)).status).toBe(200);
      for (const address of [`Patient/${id}`, `Patient/${id}/_history`, `Patient/${id}/_history/1`])
        expect((await ask(other, address)).status).toBe(404);
      for (const search of [
        `Patient?_id=${id}`,
        `Task?patient=${id}`,
        `Encounter?patient=Patient/${id}&_include=Encounter:patient`,
      ]) {
        expect((await ask(other, search)).body).not.toHaveProperty('entry.0');
      }
    }
  });

  it('and the same MSH-10 is two messages, neither taken for the other', async () => {
    const { rows } = await withOwner(database.ownerUrl, (owner) =>
      owner.query(
        `select organisation, control_id_reused, state from inbox i join message m using (organisation) where m.id = i.message and m.control_id = 'same' order by 1`,
      ),
    );
    expect(rows).toEqual(
      [hill, lake].map((organisation) => ({ organisation, control_id_reused: false, state: 'applied' })),
    );
  });
});

it('a message that claims to be of the other hospital changes nothing there', async () => {
  const snapshot = () =>
    withOwner(
      database.ownerUrl,
      async (owner) =>
        (
          await owner.query(`select type, id, version, body from resource where organisation = $1 order by 1, 2`, [
            lake,
          ])
        ).rows,
    );
  const before = await snapshot();
  const claim = {
    mrn: '5001',
    visit: 'V5001',
    authority: '',
    application: 'LAKE',
    facility: 'LAKE',
    name: 'Intruder^Ida',
    at: '20261119150000-0500',
  };
  expect(await send(hill, aDischarge({ ...claim, controlId: 'claim' }))).toContain('MSA|AA|');
  await untilDecided(database.ownerUrl);
  expect(await snapshot()).toEqual(before);
  const { rows } = await withOwner(database.ownerUrl, (owner) =>
    owner.query(`select organisation from message where control_id = 'claim'`),
  );
  expect(rows).toEqual([{ organisation: hill }]);
});

it('a feed that names its facilities refuses a message of another with AR (F-42)', { timeout: 30_000 }, async () => {
  const [one, other] = (await freePorts(2)) as [number, number];
  const strict = await twoOrganisations({ [hill]: one, [lake]: other }, true);
  const second = await startProcess({ DATABASE_URL: database.url, PROFILES_DIR: strict.profilesDir });
  await second.ready;
  expect(await sendOnce(one, aDischarge({ mrn: '5002', facility: 'LAKE', controlId: 'strange' }))).toContain(
    'MSA|AR|strange',
  );
  expect(await sendOnce(one, aDischarge({ mrn: '5002', facility: 'HILL', controlId: 'own' }))).toContain('MSA|AA|own');
  await second.kill('SIGTERM');
});

describe('the role of the service', () => {
  it('sees nothing without an organisation, and with one nothing of the other', async () => {
    for (const table of tables) {
      const of = (organisation: string | undefined) =>
        asService(
          organisation,
          async (client) => (await client.query(`select distinct organisation from ${table}`)).rows,
        );
      expect(await of(undefined), table).toEqual([]);
      expect(await of(hill), table).toEqual([{ organisation: hill }]);
      expect(await of('no-such-practice'), table).toEqual([]);
    }
  });

  it('writes nothing for the other', async () => {
    const insert = `insert into client_assertion (organisation, client, jti, expires_at) values ($1, 'c', 'j', now())`;
    await expect(asService(hill, (client) => client.query(insert, [lake]))).rejects.toThrow(/row-level security/);
    for (const change of [
      `update resource set status = 'x'`,
      `update inbox set reason = 'x'`,
      'delete from resource_identifier',
    ]) {
      const changed = await asService(hill, (client) => client.query(`${change} where organisation = $1`, [lake]));
      expect(changed.rowCount, change).toBe(0);
    }
  });

  it('cannot turn the policies off', async () => {
    for (const table of tables) {
      await expect(
        asService(hill, (client) => client.query(`set row_security = off; select count(*) from ${table}`)),
        table,
      ).rejects.toThrow(/row-level security/);
      await expect(
        asService(hill, (client) => client.query(`alter table ${table} disable row level security`)),
        table,
      ).rejects.toThrow(/must be owner/);
    }
  });

  it.each(['message', 'message_raw', 'inbox_decision', 'resource_history', 'audit'])(
    'can neither change nor delete rows of %s',
    async (table) => {
      for (const change of [
        `update ${table} set organisation = organisation`,
        `delete from ${table}`,
        `truncate ${table}`,
      ]) {
        await expect(
          asService(hill, (client) => client.query(change)),
          change,
        ).rejects.toMatchObject({ code: '42501' });
      }
    },
  );

  it('owns nothing, is no superuser and bypasses nothing; every table with rows of organisations is guarded', async () => {
    await withOwner(database.ownerUrl, async (owner) => {
      const { rows: roles } = await owner.query(
        `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin from pg_roles where rolname = 'throughline_service'`,
      );
      expect(roles).toEqual([
        { rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false, rolcanlogin: false },
      ]);
      const { rows: owned } = await owner.query(
        `select relname from pg_class where relowner = 'throughline_service'::regrole`,
      );
      expect(owned).toEqual([]);
      const { rows: unguarded } = await owner.query(
        `select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind in ('r', 'p')
            and c.relname not in ('migration', 'raw_expiry') and not (c.relrowsecurity and (c.relforcerowsecurity or c.relispartition))`,
      );
      expect(unguarded).toEqual([]);
      // A partition is read through its parent, whose policies hold there; by its own name nobody but the owner may.
      const { rows: granted } = await owner.query(
        `select relname from pg_class where relispartition and relkind = 'r' and has_table_privilege('throughline_service', oid, 'select')`,
      );
      expect(granted).toEqual([]);
    });
  });
});
