// A stay that was renamed twice and then moved to another patient (A06, A50, A45): in whichever order that is told, the
// whole stay is with the right patient and nothing of it stays with the wrong one.

import type { Encounter, Patient } from 'fhir/r4.js';
import { expect, it } from 'vitest';
import { aSite } from '../support/site.ts';

const pid = (number: string) => `PID|1||${number}^^^GH^MR||Quill^${number === 'WRONG' ? 'Ada' : 'Thea'}||19500101|F`;
const visit = (number: string) => `${number}^^^GH^VN`;
const pv1 = (stayClass: string, number: string) =>
  `PV1|1|${stayClass}|4 West^12^A^GH-MAIN${'|'.repeat(16)}${visit(number)}`;

function message(trigger: string, minute: string, ...segments: readonly string[]): string {
  const at = `2026112010${minute}00-0500`;
  const header = `MSH|^~\\&|GHADT|GH-MAIN|T|R|${at}||ADT^${trigger}|MOVE${trigger}|P|2.5.1`;
  return [header, `EVN|${trigger}|${at}`, ...segments, ''].join('\r');
}

const admitted = message('A01', '00', pid('WRONG'), pv1('V', 'MV1'));
const changed = message('A06', '10', pid('WRONG'), `MRG|WRONG^^^GH^MR||||${visit('MV1')}`, pv1('I', 'MV2'));
const renamed = message('A50', '20', pid('WRONG'), `MRG|WRONG^^^GH^MR||||${visit('MV2')}`, pv1('I', 'MV3'));
const moved = message('A45', '30', pid('RIGHT'), `MRG|WRONG^^^GH^MR||||${visit('MV3')}`, pv1('I', 'MV3'));

it.each([
  ['as it happened', [admitted, changed, renamed, moved]],
  ['the move first', [moved, admitted, changed, renamed]],
  ['the first name known only last', [admitted, moved, renamed, changed]],
  ['backwards', [moved, renamed, changed, admitted]],
  ['a name between known only last', [admitted, changed, moved, renamed]],
])('is one stay of the right patient, told %s', async (_order, messages) => {
  const site = await aSite();
  for (const one of messages) {
    await site.send(one);
    await site.work();
  }
  const [right] = (await site.resources<Patient>('Patient')).filter(
    ({ identifier }) => identifier?.[0]?.value === 'RIGHT',
  );
  const standing = (await site.resources<Encounter>('Encounter')).filter(({ status }) => status !== 'entered-in-error');
  await site.close();
  expect(standing.map(({ subject, status }) => [subject?.reference, status])).toEqual([
    [`Patient/${right?.id}`, 'in-progress'],
  ]);
  expect(standing[0]?.period?.start).toContain('2026-11-20T10:00');
});
