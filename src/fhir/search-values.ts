// What is kept beside a resource so that searches find it: the values that search-params.ts names, read from the
// resource itself, so that what is served and what is found cannot differ (FHIR R4 search.html).

import type { CodeableConcept, Coding, FhirResource, Identifier, Period, Reference } from 'fhir/r4.js';
import { parseReference } from './reference.ts';
import { type DateRange, dateRange } from './search-date.ts';
import { isResourceType, type SearchParam, searchParams } from './search-params.ts';

/** The search columns of table `resource`; instants in milliseconds. */
export interface SearchValues {
  /** Id of the patient it belongs to; of a Patient its own. */
  readonly patient?: string;
  readonly status?: string;
  readonly code: readonly string[];
  /** `Type/id`. */
  readonly owner?: string;
  /** Id of the Encounter. */
  readonly encounter?: string;
  /** `Type/id`. */
  readonly basedOn?: string;
  readonly dateFrom?: number;
  readonly dateTo?: number;
  readonly dueAt?: number;
  readonly identifiers: readonly { readonly system: string; readonly value: string }[];
}

/** How a token stands in the code column: as `code`, `system|code` and `system|`, each after its parameter's name. */
export const codeEntry = (param: string, token: string): string => `${param}=${token}`;

const list = (value: unknown): unknown[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

function at(resource: unknown, path: string): unknown {
  let value = resource;
  for (const step of path.split('.')) value = (list(value)[0] as Record<string, unknown> | undefined)?.[step];
  return value;
}

function tokens(value: unknown): string[] {
  if (typeof value === 'string') return [value, `|${value}`];
  const concept = value as CodeableConcept & Coding;
  const codings: readonly Coding[] = concept.coding ?? (concept.code === undefined ? [] : [concept]);
  return codings.flatMap(({ system = '', code }) =>
    code === undefined ? [] : system === '' ? [code, `|${code}`] : [code, `${system}|${code}`, `${system}|`],
  );
}

const targetOf = (value: unknown) => parseReference((list(value)[0] as Reference | undefined)?.reference ?? '');

/** A date, dateTime, instant or Period as a range; an open end is absent. */
function span(value: unknown): Partial<DateRange> {
  if (typeof value === 'string') return dateRange(value) ?? {};
  const { start, end } = (value ?? {}) as Period;
  const from = start === undefined ? undefined : dateRange(start)?.from;
  const until = end === undefined ? undefined : dateRange(end)?.until;
  return { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) };
}

type Found = { -readonly [Name in keyof SearchValues]: SearchValues[Name] } & { code: string[] };

function keep(found: Found, param: SearchParam, value: unknown): void {
  const { match } = param;
  switch (match.by) {
    case 'id':
      return;
    case 'identifier':
      found.identifiers = (list(value) as Identifier[]).flatMap((each) =>
        each.value === undefined ? [] : [{ system: each.system ?? '', value: each.value }],
      );
      return;
    case 'instant': {
      const until = match.column === 'due_at' ? span(value).from : undefined;
      if (until !== undefined) found.dueAt = until;
      return;
    }
    case 'period': {
      const { from, until } = span(value);
      if (from !== undefined) found.dateFrom = from;
      if (until !== undefined) found.dateTo = until - 1;
      return;
    }
    case 'status':
      if (value !== undefined) found.status = String(value);
      return;
    case 'codes':
      for (const each of list(value)) found.code.push(...tokens(each).map((token) => codeEntry(param.name, token)));
      return;
    case 'uri':
      for (const each of list(value)) {
        const [address = '', version] = String(each).split('|');
        found.code.push(codeEntry(param.name, address));
        if (version !== undefined) found.code.push(codeEntry(param.name, `${address}|${version}`));
      }
      return;
    case 'target':
      for (const each of list(value)) {
        const target = targetOf(each);
        if (target) found.code.push(codeEntry(param.name, `${target.type}/${target.id}`));
      }
      return;
    case 'link': {
      const target = targetOf(value);
      if (target?.type === match.targets[0]) found[match.column] = target.id;
      return;
    }
    case 'reference': {
      const target = targetOf(value);
      if (target) found[match.column === 'owner' ? 'owner' : 'basedOn'] = `${target.type}/${target.id}`;
    }
  }
}

/** `patient` is given for types that do not name their patient themselves (Provenance). */
export function searchValues(resource: FhirResource, patient?: string): SearchValues {
  const found: Found = { code: [], identifiers: [] };
  if (!isResourceType(resource.resourceType)) return found;
  for (const param of searchParams[resource.resourceType]) {
    if (param.path !== '') keep(found, param, at(resource, param.path));
  }
  if (resource.resourceType === 'Patient' && resource.id !== undefined) found.patient = resource.id;
  if (patient !== undefined) found.patient ??= patient;
  found.code = [...new Set(found.code)];
  return found;
}
