// A swap of beds read again (A17): what it said of the second patient is taken back as what it said of the first is, so
// that a corrected table corrects both.

import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Patient } from 'fhir/r4.js';
import { expect, it } from 'vitest';
import { replayMessages } from '../../src/flow/replay-messages.ts';
import { aDatabase } from '../support/database.ts';
import { anAdt, segment } from '../support/hl7.ts';
import { aTestFolder } from '../support/service-process.ts';
import { aSite } from '../support/site.ts';

const person = (mrn: string, bed: string): readonly string[] => [
  segment('PID', { 3: `${mrn}^^^GH^MR`, 5: `Quill^${mrn}`, 7: '19550102', 8: 'F' }),
  segment('PV1', { 2: 'I', 3: `4W^401^${bed}^GH`, 19: `V${mrn}` }),
];
const swap = anAdt({ event: 'A17', without: ['PID', 'PV1'], segments: [...person('1', 'a'), ...person('2', 'b')] });

it('says what the corrected table says of both patients', async () => {
  const mappingsDir = path.join(aTestFolder('wrong'), 'mappings');
  cpSync('mappings', mappingsDir, { recursive: true });
  const table = path.join(mappingsDir, 'codes/gender.csv');
  writeFileSync(table, readFileSync(table, 'utf8').replace('F,female,', 'F,male,'));
  const database = await aDatabase();
  const genders = async (site: Awaited<ReturnType<typeof aSite>>) =>
    (await site.resources<Patient>('Patient')).map(({ gender }) => gender);

  const wrong = await aSite({ database, mappingsDir });
  await wrong.send(swap);
  await wrong.work();
  expect(await genders(wrong)).toEqual(['male', 'male']);

  const right = await aSite({ database });
  await replayMessages(right.site.work, { from: 0 }, { actor: 'system:test', now: Date.now(), isDryRun: false });
  await right.work();
  expect(await genders(right)).toEqual(['female', 'female']);
  await wrong.close();
  await right.close();
});
