// Forgetting what one message said: its words go, everybody else's stay, and saying them again restores the record.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { PatientId } from '../../../../src/base/id.ts';
import { instant } from '../../../../src/base/instant.ts';
import type { Demographics, PatientRecord } from '../../../../src/domain/patient/record.ts';
import { forgetStatements, sayDemographics } from '../../../../src/domain/patient/statements.ts';

const empty: PatientRecord = { id: 'p' as PatientId, identifiers: [], statements: {}, createdAt: instant(0) };
const orderOf = (at: number, digest: string): string => `2026-11-${10 + at}|2026-11-${10 + at}|000|${digest}`;

const said = fc.record(
  { gender: fc.constantFrom('female', 'male'), birthDate: fc.constantFrom('1940-01-01', null), deceased: fc.boolean() },
  { requiredKeys: [] },
) as fc.Arbitrary<Demographics>;
const messages = fc.uniqueArray(fc.record({ at: fc.nat(9), said }), { maxLength: 6, selector: ({ at }) => at });

const tell = (record: PatientRecord, list: readonly { at: number; said: Demographics }[]): PatientRecord =>
  list.reduce((sofar, each) => sayDemographics(sofar, each.said, orderOf(each.at, `digest-${each.at}`)), record);

it('and saying it again gives the same statements', () => {
  fc.assert(
    fc.property(messages, fc.nat(9), (list, which) => {
      const record = tell(empty, list);
      const forgotten = forgetStatements(record, `digest-${which}`);
      expect(Object.values(forgotten.statements).some(({ order }) => order.endsWith(`digest-${which}`))).toBe(false);
      const again = tell(
        forgotten,
        list.filter(({ at }) => at === which),
      );
      expect(again.statements).toEqual(record.statements);
    }),
  );
});

it('leaves the words of others, and a record without its words as it is', () => {
  fc.assert(
    fc.property(messages, (list) => {
      const record = tell(empty, list);
      expect(forgetStatements(record, 'digest-unheard')).toBe(record);
      const without = forgetStatements(record, 'digest-3');
      for (const [field, statement] of Object.entries(record.statements))
        if (!statement.order.endsWith('digest-3'))
          expect(without.statements[field as keyof Demographics]).toBe(statement);
    }),
  );
});

it('forgets allergies and full lists of the message too', () => {
  const word = { allergy: { code: {}, reactions: [] }, act: 'holds' as const, partner: 'h' };
  const record = {
    ...empty,
    allergies: {
      words: { a: { ...word, order: orderOf(1, 'one') }, b: { ...word, order: orderOf(2, 'two') } },
      lists: { h: orderOf(2, 'two'), i: `${orderOf(1, 'one')}|1` },
    },
  } as unknown as PatientRecord;
  expect(forgetStatements(record, 'two').allergies).toEqual({
    words: { a: { ...word, order: orderOf(1, 'one') } },
    lists: { i: `${orderOf(1, 'one')}|1` },
  });
});

it('forgets what the message said of a second patient, whose order has a number behind the digest', () => {
  const record = sayDemographics(empty, { gender: 'male' }, orderOf(1, 'abc.2'));
  expect(forgetStatements(record, 'abc').statements).toEqual({});
  expect(forgetStatements(record, 'ab')).toBe(record);
});
