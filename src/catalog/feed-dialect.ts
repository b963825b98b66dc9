// What a feed says otherwise than the standard or the site's mappings: the optional keys of its file that say how its
// messages are read and answered (profiles/partners/*.yaml; docs/partners.md tells each).

import { isSeq } from 'yaml';
import { isZone } from '../base/time.ts';
import type { AcknowledgmentPolicy } from '../hl7/acknowledgments.ts';
import { plausibleClock } from '../translate/from-hl7/clock.ts';
import type {
  ClockLimits,
  DatedZone,
  EventEffect,
  FacilityZone,
  IdentifierTypes,
  ObservationRule,
} from '../translate/from-hl7/dialect.ts';
import { factNames } from '../translate/from-hl7/fact.ts';
import { readPath } from '../translate/from-hl7/field-path.ts';
import { tableNames } from '../translate/from-hl7/table.ts';
import { faultOf } from './code-tables.ts';
import { readEffect, readPathOf } from './mappings.ts';
import type { FeedOverrides } from './partner.ts';
import { day, entries, type Field, list, oneOf, record, report, text, wholeNumber } from './reading.ts';

export const dialectKeys = [
  'identifier-types',
  'fields',
  'events',
  'codes',
  'acknowledge',
  'observation',
  'mode',
  'trailing-zeros',
  'clock',
] as const;

export function readZone(field: Field): string {
  const zone = text(field);
  if (zone !== '' && !isZone(zone)) {
    report(field, `unknown time zone "${zone}"`, 'write an IANA name such as America/New_York');
  }
  return zone;
}

/** A zone, or a list of zones with the day each began; the list is read in the order of days. */
export function readFacilityZone(field: Field): FacilityZone {
  if (!isSeq(field.node)) return readZone(field);
  const dated = list(field).map((each, index): DatedZone => {
    const keys = record(each, index === 0 ? ['zone'] : ['zone', 'from'], index === 0 ? ['from'] : []);
    return { zone: readZone(keys.zone), ...(keys.from && { from: day(keys.from) }) };
  });
  if (dated.length === 0) report(field, 'the list is empty', 'name at least one zone');
  for (const [index, { from }] of dated.entries()) {
    const before = dated[index - 1]?.from;
    if (before !== undefined && from !== undefined && from <= before)
      report(field, `${from} does not come after ${before}`, 'name the oldest zone first');
  }
  return dated;
}

export function readIdentifierTypes(field: Field): IdentifierTypes {
  const keys = record(field, [], ['person', 'left-out']);
  const types = (part: Field | undefined): string[] => (part === undefined ? [] : filled(part));
  const person = types(keys.person);
  for (const each of keys.person ? list(keys.person) : []) {
    if (['SS', 'SSN'].includes(text(each).toUpperCase()))
      report(each, 'social security numbers are not kept', 'leave the type out of the list');
  }
  const leftOut = types(keys['left-out']);
  const both = person.filter((type) => leftOut.includes(type));
  if (both.length > 0) report(field, `${both.join(', ')} is in both lists`, 'keep it in one of them');
  return { person, leftOut };
}

export function readObservation(field: Field): ObservationRule[] {
  return list(field).flatMap((each) => {
    const keys = record(each, ['field', 'in']);
    const written = text(keys.field);
    const path = readPath(written);
    if (path === undefined) {
      if (written !== '') report(keys.field, `"${written}" is no field path`, 'write it like PV1-18, or PV1-3.1');
      return [];
    }
    return [{ path, values: filled(keys.in) }];
  });
}

export function readClockLimits(field: Field): ClockLimits {
  const keys = record(field, [], ['ahead-max-minutes', 'behind-max-days']);
  return {
    aheadMaxMinutes: keys['ahead-max-minutes']
      ? wholeNumber(keys['ahead-max-minutes'], 1)
      : plausibleClock.aheadMaxMinutes,
    behindMaxDays: keys['behind-max-days'] ? wholeNumber(keys['behind-max-days'], 1) : plausibleClock.behindMaxDays,
  };
}

export function readAcknowledge(field: Field): AcknowledgmentPolicy {
  const keys = record(field, [], ['mode', 'reject']);
  return {
    mode: keys.mode ? oneOf(keys.mode, ['original', 'enhanced', 'auto'], 'mode') : 'auto',
    reject: keys.reject ? oneOf(keys.reject, ['as-standard', 'accept-and-park'], 'policy') : 'as-standard',
  };
}

/** Undefined where the partner says nothing otherwise. */
export function readOverrides(keys: {
  readonly fields?: Field;
  readonly events?: Field;
  readonly codes?: Field;
}): FeedOverrides | undefined {
  if (!keys.fields && !keys.events && !keys.codes) return undefined;
  return {
    ...(keys.fields && { fields: readFields(keys.fields) }),
    ...(keys.events && { events: readEvents(keys.events) }),
    ...(keys.codes && { codes: readCodes(keys.codes) }),
  };
}

function readFields(field: Field): Record<string, readonly string[]> {
  const facts = record(field, [], factNames);
  const fields: Record<string, readonly string[]> = {};
  for (const fact of factNames) {
    const paths = facts[fact];
    if (paths === undefined) continue;
    fields[fact] = list(paths).map((path) => readPathOf(fact, path));
    if (isSeq(paths.node) && fields[fact].length === 0)
      report(paths, 'the list is empty', 'name at least one field, or leave the fact out');
  }
  return fields;
}

function readEvents(field: Field): Record<string, EventEffect> {
  const events: Record<string, EventEffect> = {};
  for (const [event, effect] of entries(field)) {
    if (!/^[A-Z][A-Z0-9]{2}$/.test(event)) report(effect, `"${event}" is no trigger event`, 'write it like A01 or Z01');
    events[event] = readEffect(effect);
  }
  return events;
}

function readCodes(field: Field): Record<string, Readonly<Record<string, string>>> {
  const tables = record(field, [], tableNames);
  const codes: Record<string, Readonly<Record<string, string>>> = {};
  for (const table of tableNames) {
    const rows = tables[table];
    if (rows === undefined) continue;
    const read: Record<string, string> = {};
    for (const [from, value] of entries(rows)) {
      const to = text(value);
      const fault = to === '' ? undefined : faultOf(table, to);
      if (fault !== undefined) report(value, fault.says, fault.right);
      read[from] = to;
    }
    codes[table] = read;
  }
  return codes;
}

/** In capitals: case does not count in codes. */
function filled(field: Field): string[] {
  const values = list(field).map((each) => text(each).toUpperCase());
  if (isSeq(field.node) && values.length === 0)
    report(field, 'the list is empty', 'name at least one, or leave the key out');
  return values;
}
