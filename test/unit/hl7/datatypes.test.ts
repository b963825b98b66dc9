// Composite data types (HL7 v2.5.1 ch. 2.A): each part in its place, and null kept apart from not sent.

import { expect, test } from 'vitest';
import {
  deleted,
  readAll,
  readCwe,
  readCx,
  readHd,
  readPl,
  readXad,
  readXcn,
  readXpn,
  readXtn,
} from '../../../src/hl7/datatypes.ts';
import { parse } from '../../../src/hl7/parse.ts';

/** A segment whose first field is this text. */
const segment = (field: string) => parse(`MSH|^~\\&|S\rZZZ|${field}|\r`).segments[1]!;

test('CX', () => {
  expect(readCx(segment('4711^^^NORTH&1.2.3&ISO^MR^CLINIC&9.9&ISO^20200101^20300101'), 1)).toEqual({
    id: '4711',
    authority: { namespace: 'NORTH', universalId: '1.2.3', universalIdType: 'ISO' },
    typeCode: 'MR',
    facility: { namespace: 'CLINIC', universalId: '9.9', universalIdType: 'ISO' },
    effective: '20200101',
    expiration: '20300101',
  });
});

test('HD', () => {
  expect(readHd(segment('NORTH^1.2.3^ISO'), 1)).toEqual({
    namespace: 'NORTH',
    universalId: '1.2.3',
    universalIdType: 'ISO',
  });
});

test('XPN, the family name being its first sub-component', () => {
  expect(readXpn(segment('van Doe&van&Doe^Jane^Q^Jr^Dr^PhD^L^^^^^20200101^20300101'), 1)).toEqual({
    family: 'van Doe',
    given: 'Jane',
    middle: 'Q',
    suffix: 'Jr',
    prefix: 'Dr',
    degree: 'PhD',
    typeCode: 'L',
    effective: '20200101',
    expiration: '20300101',
  });
});

test('XAD, the street being its first sub-component', () => {
  expect(readXad(segment('1 Elm St&Elm St&1^Apt 2^Springfield^IL^62701^USA^H^^Sangamon'), 1)).toEqual({
    street: '1 Elm St',
    other: 'Apt 2',
    city: 'Springfield',
    state: 'IL',
    postalCode: '62701',
    country: 'USA',
    typeCode: 'H',
    county: 'Sangamon',
  });
});

test('XTN', () => {
  expect(readXtn(segment('(217)555-0100^PRN^PH^x@y.example^1^217^5550100^12^home^^^+12175550100'), 1)).toEqual({
    text: '(217)555-0100',
    useCode: 'PRN',
    equipmentType: 'PH',
    address: 'x@y.example',
    countryCode: '1',
    areaCode: '217',
    localNumber: '5550100',
    extension: '12',
    anyText: 'home',
    unformatted: '+12175550100',
  });
});

test('XCN', () => {
  expect(readXcn(segment('77^Shaw^Ann^B^II^Dr^MD^^NPI&2.16&ISO^L^^^NPI'), 1)).toEqual({
    id: '77',
    family: 'Shaw',
    given: 'Ann',
    middle: 'B',
    suffix: 'II',
    prefix: 'Dr',
    degree: 'MD',
    authority: { namespace: 'NPI', universalId: '2.16', universalIdType: 'ISO' },
    identifierTypeCode: 'NPI',
  });
});

test('CWE, and a plain code', () => {
  expect(readCwe(segment('I50.9^Heart failure^I10^428^HF^I9^^^as written'), 1)).toEqual({
    code: 'I50.9',
    text: 'Heart failure',
    system: 'I10',
    alternateCode: '428',
    alternateText: 'HF',
    alternateSystem: 'I9',
    originalText: 'as written',
  });
  expect(readCwe(segment('I'), 1)).toMatchObject({ code: 'I', text: undefined, system: undefined });
});

test('PL', () => {
  expect(readPl(segment('W3^301^A^NORTH&1.2&ISO^O^N^Main^3^west wing'), 1)).toEqual({
    pointOfCare: 'W3',
    room: '301',
    bed: 'A',
    facility: { namespace: 'NORTH', universalId: '1.2', universalIdType: 'ISO' },
    status: 'O',
    typeCode: 'N',
    building: 'Main',
    floor: '3',
    description: 'west wing',
  });
});

test('what was not sent is undefined, what was sent as "" is null', () => {
  expect(readXpn(segment('Doe^""'), 1)).toMatchObject({ family: 'Doe', given: null, middle: undefined });
  expect(readCx(segment(''), 1)).toBeUndefined();
  expect(readCx(segment('1'), 1, 1)).toBeUndefined();
});

test('a deleted field is told from one with a deleted part', () => {
  expect(['""', '""^x', '', '""~1'].map((field) => deleted(segment(field), 1))).toEqual([true, false, false, false]);
  expect(deleted(segment('x'), 9)).toBe(false);
});

test('all repetitions in their order, empty ones too', () => {
  expect(readAll(segment('1^^^A~~2^^^B'), 1, readCx).map((cx) => cx.id)).toEqual(['1', undefined, '2']);
  expect(readAll(segment(''), 1, readCx)).toEqual([]);
});
