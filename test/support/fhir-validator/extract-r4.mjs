// Makes test/fixtures/fhir/r4 from the FHIR R4 definitions of the npm package named in SOURCES.md there.
// Run it only to add a type: node test/support/fhir-validator/extract-r4.mjs FOLDER-OF-THE-UNPACKED-PACKAGE

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What we serve, and what else FHIR servers answer with. Data types follow from these. */
const served = [
  ...[
    'Patient',
    'Encounter',
    'Condition',
    'EpisodeOfCare',
    'CarePlan',
    'CareTeam',
    'Task',
    'ServiceRequest',
    'Communication',
  ],
  ...['DocumentReference', 'Appointment', 'AllergyIntolerance'],
  ...['Organization', 'Practitioner', 'PractitionerRole', 'Location', 'Provenance', 'PlanDefinition'],
  ...['ActivityDefinition', 'Bundle', 'OperationOutcome', 'CapabilityStatement', 'SearchParameter', 'AuditEvent'],
];
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: extract-r4.mjs FOLDER');
const target = new URL('../../fixtures/fhir/r4/', import.meta.url).pathname;

const read = (name) =>
  JSON.parse(readFileSync(join(folder, 'dist/fhir/r4', name), 'utf8')).entry.map((entry) => entry.resource);
const definitions = new Map();
for (const one of [...read('profiles-resources.json'), ...read('profiles-types.json')]) {
  if (one.resourceType === 'StructureDefinition' && one.derivation !== 'constraint')
    definitions.set(one.type, definitions.get(one.type) ?? one);
}
const terminology = new Map();
for (const name of ['valuesets.json', 'v3-codesystems.json', 'v2-tables.json']) {
  for (const one of read(name)) terminology.set(`${one.resourceType} ${one.url}`, one);
}

function closure(types) {
  const found = new Set();
  const waiting = [...types];
  while (waiting.length > 0) {
    const type = waiting.pop();
    if (found.has(type)) continue;
    const one = definitions.get(type);
    if (one === undefined) throw new Error(`no definition of ${type}`);
    found.add(type);
    for (const element of one.snapshot.element) {
      for (const { code } of element.type ?? []) if (!code.startsWith('http')) waiting.push(code);
    }
  }
  return [...found].sort();
}

function element(from) {
  const kept = { path: from.path, min: from.min, max: from.max };
  if (from.base?.max !== from.max) kept.base = { max: from.base?.max };
  if (from.contentReference) kept.contentReference = from.contentReference;
  if (from.type) kept.type = from.type.map(({ code, targetProfile }) => ({ code, targetProfile }));
  if (from.binding?.strength === 'required') {
    kept.binding = { strength: 'required', valueSet: from.binding.valueSet.split('|')[0] };
  }
  if (from.constraint) kept.constraint = from.constraint.map(({ key, severity, human }) => ({ key, severity, human }));
  for (const [key, value] of Object.entries(from)) if (/^(fixed|pattern)/.test(key)) kept[key] = value;
  return kept;
}

const codesOf = (concepts) => concepts.flatMap((one) => [one.code, ...codesOf(one.concept ?? [])]);

/** System → codes; nothing where a set cannot be listed (media types, languages, units). */
function expand(url) {
  const set = terminology.get(`ValueSet ${url.split('|')[0]}`);
  if (set === undefined) return undefined;
  const result = {};
  for (const include of set.compose.include) {
    if (include.filter || set.compose.exclude) return undefined;
    for (const other of include.valueSet ?? []) {
      const expanded = expand(other);
      if (expanded === undefined) return undefined;
      for (const [system, codes] of Object.entries(expanded)) result[system] = [...(result[system] ?? []), ...codes];
    }
    if (include.system === undefined) continue;
    const defined = terminology.get(`CodeSystem ${include.system}`);
    if (include.concept === undefined && (defined?.content !== 'complete' || !defined.concept)) return undefined;
    const codes = include.concept ? include.concept.map((one) => one.code) : codesOf(defined.concept);
    result[include.system] = [...(result[include.system] ?? []), ...codes];
  }
  return result;
}

const types = closure(served);
const sets = new Map();
const lines = types.map((type) => {
  const { url, kind, abstract, baseDefinition, snapshot } = definitions.get(type);
  const elements = snapshot.element.map(element);
  for (const { binding } of elements) if (binding) sets.set(binding.valueSet, undefined);
  return JSON.stringify({ url, type, kind, abstract, baseDefinition, snapshot: { element: elements } });
});
// US Core binds categories of ServiceRequest to this one as a part of its own.
sets.set('http://hl7.org/fhir/ValueSet/servicerequest-category', undefined);
for (const url of sets.keys()) sets.set(url, expand(url));
const listed = [...sets].sort().map(([url, codes]) => `${JSON.stringify(url)}: ${JSON.stringify(codes ?? null)}`);
writeFileSync(join(target, 'structure-definitions.json'), `[\n${lines.join(',\n')}\n]\n`);
writeFileSync(join(target, 'required-codes.json'), `{\n${listed.join(',\n')}\n}\n`);
console.log(`${types.length} definitions, ${listed.length} value sets`);
