// Codes, identifiers, names and addresses as FHIR data types (FHIR R4 datatypes.html). Empty parts are left out.

import type {
  Address,
  CodeableConcept,
  Coding,
  ContactPoint,
  Identifier as FhirIdentifier,
  HumanName,
} from 'fhir/r4.js';
import type { Code, Identifier, PersonName, PostalAddress, ContactPoint as Telecom } from '../../domain/code.ts';
import { isIdentifierType } from '../../fhir/identifier-type.ts';
import { system } from '../../fhir/system.ts';

const codeForm = /^\S+( \S+)*$/;

/** Undefined where there is nothing to list: FHIR has no empty arrays. */
export const listed = <Item>(items: readonly Item[]): Item[] | undefined =>
  items.length === 0 ? undefined : (items as Item[]);

/** A coding, where there is a code that FHIR can hold. */
export function coding(code: Code): Coding | undefined {
  if (code.code === undefined || !codeForm.test(code.code)) return undefined;
  return { system: code.system, code: code.code, display: code.text };
}

/** A concept, where there is a code or a text. */
export function concept(code: Code | undefined): CodeableConcept | undefined {
  if (code === undefined) return undefined;
  const coded = coding(code);
  const text = code.text ?? (coded === undefined ? code.code : undefined);
  if (coded === undefined) return text === undefined ? undefined : { text };
  return { coding: [{ system: coded.system, code: coded.code }], text };
}

export function identifier(from: Identifier, use?: FhirIdentifier['use']): FhirIdentifier {
  return {
    use: use ?? (from.isOld === true ? 'old' : undefined),
    type: from.type === undefined ? undefined : identifierType(from.type),
    system: from.authority,
    value: from.value,
    period: from.from === undefined && from.until === undefined ? undefined : { start: from.from, end: from.until },
    assigner: from.assigner === undefined ? undefined : { display: from.assigner },
  };
}

const identifierType = (code: string): CodeableConcept =>
  isIdentifierType(code) ? { coding: [{ system: system.identifierType, code }] } : { text: code };

/** A name, where there is any part of one. */
export function humanName(from: PersonName): HumanName | undefined {
  const { use, family, given, prefix, suffix } = from;
  if (family === undefined && given.length === 0 && prefix === undefined && suffix === undefined) return undefined;
  return {
    use,
    family,
    given: listed(given),
    prefix: prefix === undefined ? undefined : [prefix],
    suffix: suffix === undefined ? undefined : [suffix],
  };
}

/** A name in the order people say it. */
export const nameText = (from: PersonName): string =>
  [from.prefix, ...from.given, from.family, from.suffix].filter((part) => part !== undefined).join(' ');

export function address(from: PostalAddress): Address | undefined {
  const { use, lines, city, district, state, postalCode, country } = from;
  if (lines.length === 0 && !city && !district && !state && !postalCode && !country) return undefined;
  return { use, line: listed(lines), city, district, state, postalCode, country };
}

export const contactPoint = (from: Telecom): ContactPoint => ({
  system: from.system,
  use: from.use,
  value: from.value,
});

/** The defined results of turning each item. */
export function eachOf<From, To>(
  items: readonly From[] | undefined,
  turn: (item: From) => To | undefined,
): To[] | undefined {
  if (items === undefined) return undefined;
  const turned: To[] = [];
  for (const item of items) {
    const result = turn(item);
    if (result !== undefined) turned.push(result);
  }
  return listed(turned);
}
