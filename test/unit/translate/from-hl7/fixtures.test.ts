// Every published ADT message among the fixtures becomes a notice or a fault that we name; test/fixtures/adt-outcomes.csv
// says which, and a change of it is a change for some sender. How lines end is left out: that is how whoever published
// them saved them.

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Fault, faults } from '../../../../src/base/fault.ts';
import { eventsOf, type Notice, subjectsOf } from '../../../../src/domain/notice.ts';
import { decodeMessage } from '../../../../src/hl7/charset.ts';
import { understand } from '../../../support/feed-language.ts';

const folder = 'test/fixtures/adt';
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.hl7'))
  .sort();
const columns = ['file', 'outcome', 'about', 'patient', 'visit', 'class', 'happened', 'warnings', 'unmapped'];

test('all 233 are there', () => {
  expect(files).toHaveLength(233);
});

test('each has the outcome that is written down', async () => {
  const rows = files.map((file) => [file, ...outcomeOf(decodeMessage(readFileSync(`${folder}/${file}`)).text)]);
  const text = [columns, ...rows].map((cells) => cells.map(quoted).join(',')).join('\n');
  await expect(`${text}\n`).toMatchFileSnapshot('../../../fixtures/adt-outcomes.csv');
});

function outcomeOf(text: string): string[] {
  let notice: Notice;
  try {
    notice = understand(text);
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.code === 'defect.unexpected') throw thrown;
    expect(faults).toHaveProperty([thrown.code]);
    return ['fault', thrown.code, '', '', '', '', '', ''];
  }
  if (notice.kind === 'ignored') return ['ignored', notice.reason, '', '', '', '', '', ''];
  const subjects = subjectsOf(notice);
  const event = eventsOf(notice)[0];
  return [
    notice.kind,
    event?.kind ?? '',
    subjects.map((subject) => subject.identifiers.map((identifier) => identifier.value).join(' ')).join(' <- '),
    event?.visit?.value ?? '',
    event && 'class' in event.facts ? (event.facts.class?.code ?? '') : '',
    new Date(notice.happenedAt.at).toISOString(),
    notice.warnings
      .filter(({ code }) => code !== 'line-ends')
      .map(({ code, field }) => `${code} ${field}`)
      .join('; '),
    notice.unmapped.map(({ table, code }) => `${table} ${code}`).join('; '),
  ];
}

const quoted = (cell: string): string => (/[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
