// Composite data types as plain objects (HL7 v2.5.1 ch. 2.A), each read from one repetition of a field. Parts keep
// the difference between `null` (delete what is stored) and `undefined` (not sent).

import type { Segment, Value } from './parse.ts';

/** Hierarchic designator: who assigned something. */
export interface Hd {
  readonly namespace: Value;
  readonly universalId: Value;
  readonly universalIdType: Value;
}

/** Extended composite id: an identifier and its authority. Dates are raw. */
export interface Cx {
  readonly id: Value;
  readonly authority: Hd;
  readonly typeCode: Value;
  readonly facility: Hd;
  readonly effective: Value;
  readonly expiration: Value;
}

export interface Xpn {
  readonly family: Value;
  readonly given: Value;
  readonly middle: Value;
  readonly suffix: Value;
  readonly prefix: Value;
  readonly degree: Value;
  readonly typeCode: Value;
  readonly effective: Value;
  readonly expiration: Value;
}

export interface Xad {
  readonly street: Value;
  readonly other: Value;
  readonly city: Value;
  readonly state: Value;
  readonly postalCode: Value;
  readonly country: Value;
  readonly typeCode: Value;
  readonly county: Value;
}

/** A telephone number or address; since v2.3 the parts, before that only `text`, and `unformatted` since v2.7. */
export interface Xtn {
  readonly text: Value;
  readonly useCode: Value;
  readonly equipmentType: Value;
  readonly address: Value;
  readonly countryCode: Value;
  readonly areaCode: Value;
  readonly localNumber: Value;
  readonly extension: Value;
  readonly anyText: Value;
  readonly unformatted: Value;
}

/** A practitioner: an identifier and a name. */
export interface Xcn {
  readonly id: Value;
  readonly family: Value;
  readonly given: Value;
  readonly middle: Value;
  readonly suffix: Value;
  readonly prefix: Value;
  readonly degree: Value;
  readonly authority: Hd;
  readonly identifierTypeCode: Value;
}

/** A coded element, also for CE and, with the code alone, for ID and IS fields. */
export interface Cwe {
  readonly code: Value;
  readonly text: Value;
  readonly system: Value;
  readonly alternateCode: Value;
  readonly alternateText: Value;
  readonly alternateSystem: Value;
  readonly originalText: Value;
}

export interface Pl {
  readonly pointOfCare: Value;
  readonly room: Value;
  readonly bed: Value;
  readonly facility: Hd;
  readonly status: Value;
  readonly typeCode: Value;
  readonly building: Value;
  readonly floor: Value;
  readonly description: Value;
}

/** Reads one repetition; undefined when that repetition was not sent. */
export type Reader<Type> = (segment: Segment, field: number, repetition?: number) => Type | undefined;

/** All repetitions of a field, in their order. */
export function readAll<Type>(segment: Segment, field: number, read: Reader<Type>): Type[] {
  const values: Type[] = [];
  for (let repetition = 0; repetition < segment.repetitions(field); repetition += 1) {
    const value = read(segment, field, repetition);
    if (value !== undefined) values.push(value);
  }
  return values;
}

/** The whole field was sent as `""`: delete what is stored. */
export const deleted = (segment: Segment, field: number): boolean => segment.field(field) === '""';

type Part = (component: number, subcomponent?: number) => Value;

/** A reader that is given the parts of a repetition, once it is known to hold something. */
const reader =
  <Type>(build: (part: Part) => Type): Reader<Type> =>
  (segment, field, repetition = 0) =>
    segment.repetitions(field) > repetition
      ? build((component, subcomponent = 1) => segment.get(field, component, subcomponent, repetition))
      : undefined;

/** An HD that is a component: its parts are sub-components. */
const designatorIn = (part: Part, component: number): Hd => ({
  namespace: part(component, 1),
  universalId: part(component, 2),
  universalIdType: part(component, 3),
});

export const readHd: Reader<Hd> = reader((part) => ({
  namespace: part(1),
  universalId: part(2),
  universalIdType: part(3),
}));

export const readCx: Reader<Cx> = reader((part) => ({
  id: part(1),
  authority: designatorIn(part, 4),
  typeCode: part(5),
  facility: designatorIn(part, 6),
  effective: part(7),
  expiration: part(8),
}));

export const readXpn: Reader<Xpn> = reader((part) => ({
  family: part(1),
  given: part(2),
  middle: part(3),
  suffix: part(4),
  prefix: part(5),
  degree: part(6),
  typeCode: part(7),
  effective: part(12),
  expiration: part(13),
}));

export const readXad: Reader<Xad> = reader((part) => ({
  street: part(1),
  other: part(2),
  city: part(3),
  state: part(4),
  postalCode: part(5),
  country: part(6),
  typeCode: part(7),
  county: part(9),
}));

export const readXtn: Reader<Xtn> = reader((part) => ({
  text: part(1),
  useCode: part(2),
  equipmentType: part(3),
  address: part(4),
  countryCode: part(5),
  areaCode: part(6),
  localNumber: part(7),
  extension: part(8),
  anyText: part(9),
  unformatted: part(12),
}));

export const readXcn: Reader<Xcn> = reader((part) => ({
  id: part(1),
  family: part(2),
  given: part(3),
  middle: part(4),
  suffix: part(5),
  prefix: part(6),
  degree: part(7),
  authority: designatorIn(part, 9),
  identifierTypeCode: part(13),
}));

export const readCwe: Reader<Cwe> = reader((part) => ({
  code: part(1),
  text: part(2),
  system: part(3),
  alternateCode: part(4),
  alternateText: part(5),
  alternateSystem: part(6),
  originalText: part(9),
}));

export const readPl: Reader<Pl> = reader((part) => ({
  pointOfCare: part(1),
  room: part(2),
  bed: part(3),
  facility: designatorIn(part, 4),
  status: part(5),
  typeCode: part(6),
  building: part(7),
  floor: part(8),
  description: part(9),
}));
