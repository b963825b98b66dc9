// Mappings of message types other than ADT: what each document and scheduling event does, and which field gives which
// fact (mappings/hl7v2/mdm.yaml, siu.yaml).

import { join } from 'node:path';
import { isMap } from 'yaml';
import { documentActs } from '../domain/document/event.ts';
import { readPath } from '../translate/from-hl7/field-path.ts';
import {
  appointmentActs,
  appointmentFactNames,
  documentFactNames,
  type OtherMapping,
  type OtherMappings,
} from '../translate/from-hl7/other-fact.ts';
import { entries, type Field, list, oneOf, openYaml, type Problem, record, report, text } from './reading.ts';

/** Reads `mappings/hl7v2`; what is wrong goes to the problems. */
export function readOtherMappings(folder: string, problems: Problem[]): OtherMappings {
  const read = <Act extends string>(
    name: string,
    acts: readonly Act[],
    facts: readonly string[],
  ): OtherMapping<Act> => {
    const field = openYaml(join(folder, name), `hl7v2/${name}`, problems);
    return field === undefined ? { events: {}, fields: {} } : readOne(field, acts, facts);
  };
  return {
    mdm: read('mdm.yaml', documentActs, documentFactNames),
    siu: read('siu.yaml', appointmentActs, appointmentFactNames),
  };
}

function readOne<Act extends string>(field: Field, acts: readonly Act[], names: readonly string[]): OtherMapping<Act> {
  const keys = record(field, ['events', 'fields']);
  const events: Record<string, Act | { readonly ignored: string }> = {};
  for (const [event, effect] of entries(keys.events)) {
    if (!/^[A-Z][A-Z0-9]{2}$/.test(event)) report(effect, `"${event}" is no trigger event`, 'write it like T02');
    events[event] = isMap(effect.node)
      ? { ignored: text(record(effect, ['ignored']).ignored) }
      : oneOf(effect, acts, 'effect');
  }
  const fields: Record<string, readonly string[]> = {};
  const facts = record(keys.fields, names);
  for (const name of names) fields[name] = list(facts[name] as Field).map(readPathOf);
  return { events, fields };
}

function readPathOf(field: Field): string {
  const value = text(field);
  if (value !== '' && readPath(value) === undefined)
    report(field, `"${value}" is no field path`, 'write it like TXA-12, or SCH-11.4 for a component');
  return value;
}
