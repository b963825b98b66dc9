// A document event: what an MDM message says of one document (TXA and OBX, HL7 v2.9 ch. 9.5 and 7.4.2).

import type { Code, Identifier } from '../../domain/code.ts';
import type { DocumentAct, DocumentEvent, DocumentFacts } from '../../domain/document/event.ts';
import { type NoticeBase, type Subject, toldUnder } from '../../domain/notice.ts';
import { coded, cweAt, mapped } from './code.ts';
import { readContents } from './document-content.ts';
import { entityIdentifier } from './entity-identifier.ts';
import { visitIdentifier } from './identifier.ts';
import { momentOf } from './moment.ts';
import type { OtherFactName } from './other-fact.ts';
import { type Found, factOf, valueAt } from './path.ts';
import { readPractitioners } from './practitioner.ts';
import { type Reading, warn } from './reading.ts';
import { sent, text } from './sent.ts';

const loinc = 'http://loinc.org';

/** A document without a number is its message's own: nothing can correct or cancel it. */
export function readDocument(
  reading: Reading,
  subject: Subject,
  told: NoticeBase & { readonly digest: string; readonly act: DocumentAct },
): DocumentEvent {
  const { language, message, facility } = reading;
  const { partner } = language.dialect;
  const numbered = (fact: OtherFactName): Identifier | undefined =>
    factOf(language, fact, message.first, (found) => entityIdentifier(reading, found, 'document')) ?? undefined;
  const document = numbered('document-number');
  if (document === undefined) warn(reading, 'document-unnumbered', 'TXA-12');
  const parent = numbered('parent-document');
  const visit = factOf(language, 'visit-number', message.first, (found) => visitIdentifier(reading, found));
  return {
    id: told.digest,
    kind: 'document',
    trigger: told.trigger,
    act: told.act,
    order: told.order,
    happenedAt: told.happenedAt,
    document: document ?? { authority: `urn:throughline:authority:${partner}:document-message`, value: told.digest },
    ...(parent && { parent }),
    ...(visit && { visit }),
    ...toldUnder(subject),
    facts: readFacts(reading),
    partner,
    ...(facility !== undefined && { facility }),
  };
}

function readFacts(reading: Reading): DocumentFacts {
  const { language, message } = reading;
  const say = <Type>(fact: OtherFactName, read: (found: Found) => Type | undefined): Type | undefined =>
    factOf(language, fact, message.first, read) ?? undefined;
  const contents = readContents(reading, message.all('OBX'));
  return sent({
    type: say('document-type', (found) => typeOf(reading, found)),
    completion: say('document-completion', (found) => completionOf(text(valueAt(found)))),
    availability: say('document-availability', (found) => availabilities[text(valueAt(found))?.toUpperCase() ?? '']),
    writtenAt: say('document-written-at', (found) => momentOf(reading, valueAt(found), found.path.name)),
    authors: say('document-authors', (found) => readPractitioners(reading, found)),
    title: say('document-title', (found) => text(valueAt(found))),
    contents: contents.length === 0 ? undefined : contents,
  });
}

/** LOINC's own code as it is; others by the table. */
function typeOf(reading: Reading, found: Found): Code | undefined {
  const cwe = cweAt(found);
  if (/^\d{1,5}-\d$/.test(text(cwe?.code) ?? '')) return { ...coded(reading, cwe), system: loinc };
  return mapped(reading, 'document-type', loinc, cwe);
}

/** Table 0271: authenticated and legally authenticated are final. */
function completionOf(code: string | undefined): DocumentFacts['completion'] {
  if (code === undefined) return undefined;
  return code === 'AU' || code === 'LA' ? 'final' : 'preliminary';
}

/** Table 0273. */
const availabilities: Readonly<Record<string, DocumentFacts['availability']>> = {
  AV: 'available',
  OB: 'obsolete',
  CA: 'deleted',
  UN: 'unavailable',
};
