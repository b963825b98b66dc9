// The numbers of a stay: visit and account, now and before (PV1-19, PID-18, MRG-5, MRG-3).

import { describe, expect, test } from 'vitest';
import { aFeedLanguage, understandAs, visitAuthority } from '../../../support/feed-language.ts';
import { type AdtOptions, anAdmission, anAdt, segment } from '../../../support/hl7.ts';

const eventOf = (text: string) => understandAs('encounter', text).event;
const account = `${visitAuthority}/account`;

describe('the account', () => {
  test('is PID-18, by an authority of its own', () => {
    expect(eventOf(anAdmission({ account: 'A1' })).account).toEqual({ authority: account, value: 'A1' });
    expect(eventOf(anAdmission({ account: 'A1^^^GH^AN' })).account).toEqual({ authority: account, value: 'A1' });
    expect(eventOf(anAdmission())).not.toHaveProperty('account');
    expect(eventOf(anAdmission({ account: '""' }))).not.toHaveProperty('account');
  });

  test('keeps the authority that it names', () => {
    expect(eventOf(anAdmission({ account: 'A1^^^BILLING&2.16.840.1.113883.9.9&ISO' })).account).toEqual({
      authority: 'urn:oid:2.16.840.1.113883.9.9',
      value: 'A1',
    });
  });

  test('stands for the visit where there is no visit number, and is told as the account all the same', () => {
    const event = eventOf(anAdmission({ visit: '', account: 'A1' }));
    expect(event.visit).toMatchObject({ authority: visitAuthority, value: 'A1' });
    expect(event.account).toEqual({ authority: account, value: 'A1' });
  });
});

describe('a class change', () => {
  const changed = (event: string, options: AdtOptions, merged: Readonly<Record<number, string>>) =>
    eventOf(anAdt({ event, ...options, segments: [segment('MRG', merged)] }));

  test.each(['A06', 'A07'])('%s renames visit and account', (event) => {
    expect(changed(event, { visit: 'V2', account: 'A2' }, { 3: 'A1', 5: 'V1' })).toMatchObject({
      visit: { value: 'V2' },
      formerVisit: { authority: visitAuthority, value: 'V1' },
      account: { value: 'A2' },
      formerAccount: { authority: account, value: 'A1' },
    });
  });

  test('the account it had is no name of a visit that has a number', () => {
    expect(changed('A06', { visit: 'V2', account: 'A2' }, { 3: 'A1' })).not.toHaveProperty('formerVisit');
  });

  test('where the account stands for the visit, the account it had is what the visit was called', () => {
    expect(changed('A06', { visit: '', account: 'A2' }, { 3: 'A1' })).toMatchObject({
      visit: { authority: visitAuthority, value: 'A2' },
      formerVisit: { authority: visitAuthority, value: 'A1' },
    });
  });

  test('no other event renames', () => {
    const event = changed('A08', { account: 'A2' }, { 3: 'A1', 5: 'V0' });
    expect(event).not.toHaveProperty('formerVisit');
    expect(event).not.toHaveProperty('formerAccount');
  });
});

test('the first identifier of the patient is kept with the event', () => {
  const { dialect } = aFeedLanguage();
  const event = eventOf(anAdmission({ identifiers: '1001^^^GH^MR~77^^^STATE^PI' }));
  expect(event.told).toBe(`${dialect.defaultAuthority.uri}|1001`);
});
