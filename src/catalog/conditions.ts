// Conditions of protocols, read by hand: a schema union would only say that the whole tree is wrong, and an analyst
// needs to know which fact at which place.

import { destinations } from '../domain/encounter/event.ts';
import { type Condition, type FactName, factNames } from '../domain/protocol/protocol.ts';
import { entries, type Field, flag, list, oneOf, report, text, wholeNumber } from './reading.ts';

/** Encounter classes of HL7 v3 ActCode (FHIR R4 valueset-v3-ActEncounterCode.html). */
export const encounterClasses = [
  'AMB',
  'EMER',
  'FLD',
  'HH',
  'IMP',
  'ACUTE',
  'NONAC',
  'OBSENC',
  'PRENC',
  'SS',
  'VR',
] as const;

/** What values a fact can have: a closed list, any text, a number, or true and false. */
const factValues: Readonly<Record<FactName, readonly string[] | 'text' | 'number' | 'flag'>> = {
  'encounter.class': encounterClasses,
  'encounter.class-known': 'flag',
  'encounter.disposition': 'text',
  'encounter.destination': destinations,
  'patient.age': 'number',
  'patient.deceased': 'flag',
  'case.complexity': ['high', 'moderate', 'low'],
};

const operators = ['is', 'in', 'at-least', 'at-most'] as const;
const conditionForm = 'a condition is all, any or not, or a fact with one of is, in, at-least, at-most';

/** Stands in where a condition has faults. */
const never: Condition = { any: [] };

export function readCondition(field: Field): Condition {
  const parts = new Map(entries(field));
  if (parts.size === 0) {
    report(field, 'the condition is empty', conditionForm);
    return never;
  }
  const [key, first] = [...parts][0]!;
  if (parts.size === 1 && key === 'all') return { all: readConditions(first) };
  if (parts.size === 1 && key === 'any') return { any: readConditions(first) };
  if (parts.size === 1 && key === 'not') return { not: readCondition(first) };
  return readComparison(field, parts);
}

/** The value of a fact, as a condition compares it or an example sets it. */
export function readFactValue(field: Field, fact: FactName): string | number | boolean {
  const values = factValues[fact];
  if (values === 'flag') return flag(field);
  if (values === 'number') return wholeNumber(field, 0);
  return values === 'text' ? text(field) : oneOf(field, values, `value of ${fact}`);
}

/** Reports an unknown fact at the place of `field`. */
export function factOf(field: Field, name: string): FactName | undefined {
  const fact = factNames.find((each) => each === name);
  if (fact === undefined && name !== '') {
    report(field, `unknown fact "${name}"`, `known facts: ${factNames.join(', ')}`);
  }
  return fact;
}

function readConditions(field: Field): Condition[] {
  const parts = list(field);
  if (parts.length === 0) report(field, 'no condition is listed', 'list at least one condition');
  return parts.map(readCondition);
}

function readComparison(field: Field, parts: ReadonlyMap<string, Field>): Condition {
  const unknown = [...parts.keys()].filter((key) => key !== 'fact' && !operators.some((each) => each === key));
  for (const key of unknown) {
    const isTree = key === 'all' || key === 'any' || key === 'not';
    report(field, isTree ? `"${key}" does not stand alone` : `unknown key "${key}"`, conditionForm);
  }
  const found = operators.filter((each) => parts.has(each));
  const named = parts.get('fact');
  if (unknown.length === 0 && (named === undefined || found.length !== 1)) {
    report(field, named === undefined ? 'the condition names no fact' : 'the fact is not compared once', conditionForm);
  }
  const fact = named && factOf(field, text(named));
  const operator = found[0];
  if (fact === undefined || operator === undefined) return never;
  return compare(fact, operator, parts.get(operator)!);
}

function compare(fact: FactName, operator: (typeof operators)[number], field: Field): Condition {
  switch (operator) {
    case 'is':
      return { fact, is: readFactValue(field, fact) };
    case 'in': {
      if (factValues[fact] === 'flag') report(field, `${fact} is true or false`, 'compare it with is');
      const values = list(field);
      if (values.length === 0) report(field, 'no value is listed', 'list at least one value');
      return { fact, in: values.map((value) => readFactValue(value, fact) as string | number) };
    }
    case 'at-least':
      return { fact, 'at-least': readBound(field, fact) };
    case 'at-most':
      return { fact, 'at-most': readBound(field, fact) };
  }
}

function readBound(field: Field, fact: FactName): number {
  if (factValues[fact] !== 'number') report(field, `${fact} is not a number`, 'compare it with is or in');
  return wholeNumber(field, 0);
}
