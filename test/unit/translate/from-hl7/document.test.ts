// What an MDM message says of a document: HL7 v2.9 ch. 9, fields by mappings/hl7v2/mdm.yaml.

import { describe, expect, it, test } from 'vitest';
import { contentBytesMax } from '../../../../src/translate/from-hl7/document-content.ts';
import { aFeedLanguage, understand, understandAs, visitAuthority } from '../../../support/feed-language.ts';
import { aDocument, type DocumentOptions } from '../../../support/other-messages.ts';

const read = (options: DocumentOptions = {}) => understandAs('document', aDocument(options));
const decoded = (data: string | undefined) => Buffer.from(data ?? '', 'base64').toString('utf8');

describe('a document message', () => {
  it('gives number, type, author, time, stay and text', () => {
    const { event, subject, warnings } = read();
    expect(subject.identifiers[0]?.value).toBe('1001');
    expect(event).toMatchObject({
      kind: 'document',
      act: 'told',
      document: { authority: 'urn:throughline:authority:general-hospital:document', value: 'D1' },
      visit: { authority: visitAuthority, value: 'V1' },
      facts: {
        type: { system: 'http://loinc.org', code: '18842-5' },
        completion: 'final',
        availability: 'available',
        authors: [{ name: { family: 'Lindqvist', given: ['Per'] } }],
        contents: [{ contentType: 'text/plain; charset=utf-8' }],
      },
    });
    expect(decoded(event.facts.contents?.[0]?.data)).toBe('Went home in good condition.\nWeigh daily.');
    expect(event.facts.writtenAt?.local).toBe('2026-11-20T17:00:00');
    expect(warnings).toEqual([]);
  });

  it.each([
    ['T01', 'told'],
    ['T02', 'told'],
    ['T03', 'told'],
    ['T04', 'told'],
    ['T05', 'appended'],
    ['T06', 'appended'],
    ['T07', 'told'],
    ['T08', 'told'],
    ['T09', 'replaced'],
    ['T10', 'replaced'],
    ['T11', 'cancelled'],
  ])('%s: %s', (event, act) => {
    expect(read({ event, parent: 'D0' }).event).toMatchObject({ act, trigger: event, parent: { value: 'D0' } });
  });

  it('with an event that HL7 does not know, or none, is ignored with a reason', () => {
    expect(understand(aDocument({ event: 'T12' }))).toMatchObject({
      kind: 'ignored',
      reason: expect.stringMatching(/T12/),
    });
    expect(understand(aDocument({ event: '' }).replace('EVN||', 'EVN|'))).toMatchObject({ kind: 'ignored' });
  });

  it('without a number is its message’s own, with a warning', () => {
    const { event, warnings } = read({ number: '' });
    expect(event.document.value).toBe('digest');
    expect(warnings).toContainEqual({ code: 'document-unnumbered', field: 'TXA-12' });
  });

  it('takes a code of LOINC as it is, and keeps the wording of a type it does not know', () => {
    expect(read({ type: '34106-5^Physician discharge summary^LN' }).event.facts.type?.code).toBe('34106-5');
    const { event, unmapped } = read({ type: 'ZZ9^A note of ours' });
    expect(event.facts.type).toEqual({ text: 'A note of ours' });
    expect(unmapped).toEqual([{ table: 'document-type', code: 'ZZ9' }]);
  });

  it('reads files, hexadecimal files and pointers', () => {
    const pdf = Buffer.from('%PDF-1.4 hello').toString('base64');
    const { contents } = read({
      content: [
        ['ED', `APP^application^pdf^Base64^${pdf}`],
        ['ED', 'APP^text^rtf^Hex^7B5C7274667D'],
        ['RP', 'https://hospital.example/doc/1^PACS^application^pdf'],
        ['RP', '\\\\share\\doc1.pdf^PACS^application^pdf'],
      ],
    }).event.facts;
    expect(contents?.map(({ contentType, data, url }) => [contentType, data ? decoded(data) : url])).toEqual([
      ['application/pdf', '%PDF-1.4 hello'],
      ['text/rtf', '{\\rtf}'],
      ['application/pdf', 'https://hospital.example/doc/1'],
      ['application/pdf', undefined],
    ]);
  });

  it('a file whose encoding is not what it says is noted, not guessed', () => {
    const { event, warnings } = read({ content: [['ED', '^application^pdf^Base64^%%%']] });
    expect(event.facts.contents).toBeUndefined();
    expect(warnings).toContainEqual({ code: 'content-unreadable', field: 'OBX-5' });
  });

  it('keeps what looks like components, repetitions and escapes of a text', () => {
    const { contents } = read({ content: [['FT', 'BP 120^80~Dose 5\\T\\6\\.br\\next']] }).event.facts;
    expect(decoded(contents?.[0]?.data)).toBe('BP 120^80\nDose 5&6\nnext');
  });

  it('content up to the limit is kept, one byte more is not, and the document says so', () => {
    const of = (length: number) => read({ content: [['TX', 'x'.repeat(length)]] });
    expect(of(contentBytesMax).event.facts.contents?.[0]?.size).toBe(contentBytesMax);
    const { event, warnings } = of(contentBytesMax + 1);
    expect(event.facts.contents).toEqual([
      { contentType: 'text/plain; charset=utf-8', size: contentBytesMax + 1, title: expect.stringMatching(/Larger/) },
    ]);
    expect(warnings).toContainEqual({ code: 'content-too-large', field: 'OBX-5' });
  });
});

test.each(Object.entries(aFeedLanguage().tables['document-type']?.rows ?? {}))('document-type %s', (from, { to }) => {
  const { event, unmapped } = read({ type: from });
  expect([event.facts.type?.code, unmapped]).toEqual([to, []]);
});
