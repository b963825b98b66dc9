// Mappings: what each ADT trigger event does, which field gives which fact, and the code tables
// (mappings/hl7v2/adt.yaml, mappings/codes/*.csv).

import { join } from 'node:path';
import { isMap } from 'yaml';
import { encounterEventKinds } from '../domain/encounter/event.ts';
import { type AdtMapping, type CodeTable, type EventEffect, identityEffects } from '../translate/from-hl7/dialect.ts';
import { type FactName, factNames, fieldFacts } from '../translate/from-hl7/fact.ts';
import { readPath } from '../translate/from-hl7/field-path.ts';
import type { OtherMappings } from '../translate/from-hl7/other-fact.ts';
import { readCodeTables } from './code-tables.ts';
import { readOtherMappings } from './other-mappings.ts';
import { entries, type Field, list, oneOf, openYaml, type Problem, record, report, text } from './reading.ts';

const adtFile = 'hl7v2/adt.yaml';
/** A rename is the effect of an identity event alone. */
const kinds = encounterEventKinds.filter((kind) => kind !== 'renamed');
const effects = [...kinds, 'swap', 'person', 'person-deleted', ...identityEffects] as const;

export interface Mappings {
  readonly adt: AdtMapping;
  readonly others: OtherMappings;
  readonly tables: Readonly<Record<string, CodeTable>>;
  readonly problems: readonly Problem[];
}

/** Reads `mappings`. What has problems must not be used. */
export function readMappings(folder: string): Mappings {
  const { tables, problems } = readCodeTables(join(folder, 'codes'));
  const field = openYaml(join(folder, 'hl7v2', 'adt.yaml'), adtFile, problems);
  const adt = field === undefined ? { events: {}, fields: {} } : readAdt(field);
  return { adt, others: readOtherMappings(join(folder, 'hl7v2'), problems), tables, problems };
}

function readAdt(field: Field): AdtMapping {
  const keys = record(field, ['events', 'fields']);
  const events: Record<string, EventEffect> = {};
  for (const [event, effect] of entries(keys.events)) {
    if (!/^[A-Z][A-Z0-9]{2}$/.test(event)) report(effect, `"${event}" is no trigger event`, 'write it like A01');
    events[event] = readEffect(effect);
  }
  const fields: Record<string, readonly string[]> = {};
  const facts = record(keys.fields, factNames);
  for (const fact of factNames) fields[fact] = list(facts[fact]).map((path) => readPathOf(fact, path));
  return { events, fields };
}

export function readEffect(field: Field): EventEffect {
  if (isMap(field.node)) return { effect: 'ignored', reason: text(record(field, ['ignored']).ignored) };
  const effect = oneOf(field, effects, 'effect');
  return isKind(effect) ? { effect: 'encounter', kind: effect } : { effect };
}

const isKind = (effect: (typeof effects)[number]): effect is (typeof kinds)[number] =>
  (kinds as readonly string[]).includes(effect);

export function readPathOf(fact: FactName, field: Field): string {
  const value = text(field);
  const path = readPath(value);
  if (value !== '' && path === undefined) {
    report(field, `"${value}" is no field path`, 'write it like PV1-19, or PV1-37.1 for a component');
  }
  if (path?.component !== undefined && (fieldFacts as readonly string[]).includes(fact)) {
    report(field, `"${value}" names a component, but ${fact} needs the whole field`, `write ${path.name}`);
  }
  return value;
}
