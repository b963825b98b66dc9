// What was understood, in words for people: names, codes, identifiers with their authority, times here and in UTC.

import type { Moment } from '../../../src/base/instant.ts';

type Fields = Readonly<Record<string, unknown>>;

export function inWords(meaning: unknown): string {
  if (meaning === undefined) return 'nothing that could be read';
  if (meaning === null) return 'deletes what is known';
  if (Array.isArray(meaning)) return meaning.map(inWords).join('; ');
  if (typeof meaning !== 'object') return String(meaning);
  const fields = meaning as Fields;
  if (isMoment(fields)) return momentInWords(fields);
  if ('year' in fields && 'precision' in fields) return dateInWords(fields);
  if ('given' in fields) return nameInWords(fields);
  if ('authority' in fields && 'value' in fields) return identifierInWords(fields);
  if ('destination' in fields) return `${fields.destination} (code ${fields.code})`;
  if ('action' in fields) return `${fields.action} ${inWords(fields.diagnosis ?? fields.key)}`;
  if ('name' in fields)
    return [fields.name, fields.relationship, fields.identifier].filter(isSaid).map(inWords).join(', ');
  if (isCode(fields)) return codeInWords(fields);
  if ('code' in fields) return [inWords(fields.code), ...rest(fields, ['code'])].join(', ');
  return rest(fields, []).join(', ');
}

/** A parsed day and time need no words; a fact such as the birth date has no zone. */
const isMoment = (fields: Fields): boolean => 'at' in fields && 'local' in fields && 'offsetMinutes' in fields;

function momentInWords(fields: Fields): string {
  const { local, at, zone, precision, note } = fields as unknown as Moment;
  const said = `${local} in ${zone}`;
  const exact = ['minute', 'second', 'fraction'].includes(precision)
    ? `, ${new Date(at).toISOString()}`
    : `, to the ${precision}`;
  const assumed = note === undefined || note === 'precision' ? '' : ` (${note})`;
  return said + exact + assumed;
}

/** As precise as it was sent: a birth date is read without a zone. */
function dateInWords({ year, month, day }: Fields): string {
  const parts = [String(year).padStart(4, '0'), month, day].filter(isSaid);
  return parts.map((part) => String(part).padStart(2, '0')).join('-');
}

function nameInWords({ family, given, prefix, suffix, use }: Fields): string {
  const parts = [prefix, ...(given as readonly string[]), family, suffix].filter(isSaid);
  return parts.join(' ') + (use === undefined ? '' : ` (${use})`);
}

const identifierInWords = ({ authority, value, type }: Fields): string =>
  `${value} of ${authority}${type === undefined ? '' : ` (${type})`}`;

const isCode = (fields: Fields): boolean =>
  Object.keys(fields).length > 0 &&
  Object.keys(fields).every((key) => ['system', 'code', 'text'].includes(key)) &&
  typeof (fields.code ?? '') === 'string';

function codeInWords({ system, code, text }: Fields): string {
  if (code === undefined) return `"${text}", without a code`;
  const words = text === undefined ? '' : ` "${text}"`;
  return `${code}${words}${system === undefined ? '' : ` of ${system}`}`;
}

const rest = (fields: Fields, without: readonly string[]): string[] =>
  Object.entries(fields)
    .filter(([key, value]) => !without.includes(key) && isSaid(value) && !(Array.isArray(value) && value.length === 0))
    .map(([key, value]) => `${key} ${inWords(value)}`);

const isSaid = (value: unknown): boolean => value !== undefined && value !== null;
