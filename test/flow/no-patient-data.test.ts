// No patient data where it does not belong (F-75): messages and requests full of marked names, numbers and addresses go
// through the running service, the wrong ones too and with its database lost; then its logs, metrics, error bodies and
// the log of Postgres are searched for the marks.

import { readdirSync, readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { untilDecided, withOwner } from '../support/aftermath.ts';
import { type AdtOptions, aDischarge, aMerge, anAdmission, anAdt } from '../support/hl7.ts';
import { start } from '../support/postgres-folder.ts';
import { sendOnce } from '../support/sender.ts';
import { aTestFolder, type ServiceProcess, startProcess } from '../support/service-process.ts';
import { feedOf, freePorts, type TwoOrganisations, twoOrganisations } from '../support/two-organisations.ts';

const mark = 'Zzqx';
const marked: AdtOptions = {
  mrn: `${mark}MRN1`,
  visit: `${mark}VISIT`,
  account: `${mark}ACCT`,
  name: `${mark}family^${mark}given`,
  address: `1 ${mark}street^^${mark}town^NY^00000`,
  phone: `${mark}5550100`,
  attending: `${mark}doc^${mark}doctor^Ed`,
  location: `${mark}ward^1^1^GH`,
  diagnoses: [`${mark}code^${mark}illness^I10`],
  reason: `${mark}complaint`,
  controlId: `${mark}-1`,
  at: '20261118150000-0500',
};
const practice = 'hill-practice';
let service: ServiceProcess;
let organisations: TwoOrganisations;
let folder: string;
const bodies: string[] = [];

beforeAll(async () => {
  folder = aTestFolder('marked');
  const [one, other] = (await freePorts(2)) as [number, number];
  organisations = await twoOrganisations({ [practice]: one, 'lake-practice': other });
  service = await startProcess({
    DATA_DIR: folder,
    PROFILES_DIR: organisations.profilesDir,
    MLLP_FRAME_BYTES_MAX: '65536',
  });
  await service.ready;
}, 60_000);
afterAll(() => service.kill('SIGTERM'));

it('stands in no log, no metric and no error body', { timeout: 90_000 }, async () => {
  const { http, mllp } = await service.ready;
  const port = mllp[feedOf[practice]] as number;
  const database = await start(path.join(folder, 'postgres'), { database: 'throughline', durable: true });
  // Right ones, and every way of being wrong that we know.
  const messages = [
    anAdmission(marked),
    aDischarge({ ...marked, controlId: `${mark}-2` }),
    anAdmission({ ...marked, mrn: `${mark}MRN2`, controlId: `${mark}-3` }),
    anAdt({ ...marked, identifiers: `${mark}MRN1^^^GH~${mark}MRN2^^^GH`, controlId: `${mark}-4` }),
    aMerge({ ...marked, retired: `${mark}MRN2`, survivor: '', controlId: `${mark}-5` }),
    anAdt({ ...marked, mrn: '', controlId: `${mark}-6` }),
    anAdt({ ...marked, at: `${mark}time`, controlId: `${mark}-7` }),
    anAdt({ ...marked, event: `${mark}E`, controlId: `${mark}-8` }),
    anAdt({ ...marked, version: `${mark}`, controlId: `${mark}-9` }),
    anAdt({ ...marked, processingId: mark, controlId: `${mark}-10` }),
    anAdt({ ...marked, class: `${mark}class`, disposition: `${mark}dis`, sex: `${mark}sex`, controlId: `${mark}-11` }),
    anAdt({ ...marked, birthDate: `${mark}birth`, controlId: `${mark}-12` }),
    `${mark} is no message at all\r`,
    `MSH|^~\\&|${mark}`,
    anAdt({ ...marked, name: `${mark}\\X00\\nul`, controlId: `${mark}-13` }),
    anAdt({ ...marked, controlId: `${mark}-14`, name: `${mark}other` }),
    anAdt({ ...marked, controlId: `${mark}-14`, name: `${mark}another` }),
  ];
  for (const message of messages) expect(await sendOnce(port, message)).toMatch(/MSA\||closed/);
  const raw = net.connect(port, '127.0.0.1');
  raw.on('error', () => undefined).end(`noise ${mark}\x0bMSH|${mark}\x0bMSH|${mark.repeat(30_000)}\x1c\r`);
  await untilDecided(database.url);
  await askWrongly(http);

  // Keeping itself fails, with values in the texts of the database's errors.
  await withOwner(database.url, (owner) =>
    owner.query(`create function breaking() returns trigger language plpgsql as $$ begin raise exception 'broken by %', new; end $$;
                 create trigger breaking before insert on encounter_event for each row execute function breaking()`),
  );
  await sendOnce(port, aDischarge({ ...marked, mrn: `${mark}MRN3`, controlId: `${mark}-15` }));
  while (!service.output().includes('message failed')) await sleep(50);
  await withOwner(database.url, (owner) => owner.query('drop trigger breaking on encounter_event'));
  await withOwner(database.url, (owner) => owner.query(`alter table resource rename to hidden_resource`));
  await askWrongly(http);
  await withOwner(database.url, (owner) => owner.query(`alter table hidden_resource rename to resource`));

  // And the database goes away under it.
  process.kill(
    Number(readFileSync(path.join(database.dataDir, 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0]),
    'SIGQUIT',
  );
  await sendOnce(port, anAdt({ ...marked, controlId: `${mark}-16` }));
  await askWrongly(http).catch(() => undefined);
  while (!(await sendOnce(port, anAdt({ ...marked, controlId: `${mark}-17` }))).includes('MSA|AA|')) await sleep(50);

  const metrics = await (await fetch(`${http}/metrics`)).text();
  await service.kill('SIGTERM');
  const logs = path.join(database.dataDir, 'cluster', 'log');
  const postgresLog = [
    ...readdirSync(logs).map((name) => path.join(logs, name)),
    path.join(database.dataDir, 'start.log'),
  ]
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const found = (text: string) => text.split('\n').filter((line) => line.toLowerCase().includes(mark.toLowerCase()));
  expect(metrics).toContain('throughline_messages_received_total');
  expect(postgresLog).toContain('database system is ready');
  expect(service.output()).toContain('message failed');
  expect(bodies.length).toBeGreaterThan(20);
  expect({
    log: found(service.output()),
    metrics: found(metrics),
    postgres: found(postgresLog),
    bodies: bodies.flatMap(found),
  }).toEqual({ log: [], metrics: [], postgres: [], bodies: [] });
});

/** Requests that cannot be answered as asked; what comes back is collected. */
async function askWrongly(http: string): Promise<void> {
  const token = await organisations.token(practice, http).catch(() => mark);
  const headers = { authorization: `Bearer ${token}` };
  const ask = async (address: string, init: RequestInit = {}) => {
    const response = await fetch(`${http}${address}`, { headers, ...init });
    const body = await response.text();
    if (response.status >= 400) bodies.push(body, JSON.stringify([...response.headers]));
  };
  await ask(`/fhir/R4/Patient/${mark}`);
  await ask(`/fhir/R4/Patient/${mark}/_history/${mark}`);
  await ask(`/fhir/R4/${mark}/1`);
  await ask(`/fhir/R4/Patient?identifier=${mark}MRN1&birthdate=${mark}`);
  await ask(`/fhir/R4/Patient?favourite=${mark}`);
  await ask(`/fhir/R4/Task?due-date=${mark}`);
  await ask(`/fhir/R4/Patient?identifier=${mark}`, { headers: { authorization: `Bearer ${mark}` } });
  await ask(`/fhir/R4/Patient/_search`, {
    method: 'POST',
    body: `identifier=${mark}&_count=${mark}`,
    headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
  });
  await ask(`/fhir/R4/Patient`, {
    method: 'POST',
    body: `{"resourceType":"Patient","name":[{"family":"${mark}"`,
    headers: { ...headers, 'content-type': 'application/fhir+json' },
  });
  await ask(`/app/?link=${mark}`);
  await ask(`/${mark}/%zz${mark}`);
  await ask(`/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: mark, client_assertion: mark, scope: mark }),
  });
  await ask('/hl7', { method: 'POST', body: `MSH|${mark}`, headers: { authorization: `Bearer ${mark}` } });
}
