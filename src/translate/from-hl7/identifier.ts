// Identifiers (CX, HL7 v2.5.1 ch. 2.A.14) with the URI of the authority that gave them (HD, ch. 2.A.33).

import { isDay } from '../../base/time.ts';
import type { Identifier } from '../../domain/code.ts';
import { type Cx, type Hd, readAll, readCx } from '../../hl7/datatypes.ts';
import type { Segment, Value } from '../../hl7/parse.ts';
import type { Authority, Dialect } from './dialect.ts';
import { type Found, valueAt } from './path.ts';
import { limited, type Reading, warn } from './reading.ts';
import { own, sent, text } from './sent.ts';
import { patientAuthority, visitAuthorityBeside } from './silent-authority.ts';

/**
 * Types of table 0203 that do not stand for one person across visits, or that we do not keep: social security numbers
 * (SS), accounts (AN, ANC, AND, ANT), visits (VN), licences and passports (DL, DP, PPN), accounts and cards of banks
 * (BA, BC, AM, DI, DS, MS, VS), and numbers of insurances (MC, MA, MB, SN, NH), which families share and which change.
 */
export const otherTypes = new Set('SS SSN AN ANC AND ANT VN DL DP PPN BA BC AM DI DS MS VS MC MA MB SN NH'.split(' '));

/** The Social Security Administration, by the names and the OID under which its numbers come without a type. */
const socialSecurity = new Set(['USSSA', 'SSA', 'SSN', '2.16.840.1.113883.4.1']);

/** Longer ones are slips of an interface, and would not fit an index. */
const lengthMax = 256;

/** The identifiers of a field that stand for the person, each once, in the order sent. */
export function personIdentifiers(reading: Reading, segment: Segment, field: number): readonly Identifier[] {
  const { dialect } = reading.language;
  const otherwise = patientAuthority(reading);
  const found = new Map<string, Identifier>();
  for (const cx of readAll(segment, field, readCx)) {
    if (!standsForPerson(cx, dialect)) continue;
    const identifier = identifierOf(reading, cx, otherwise, `${segment.name}-${field}`);
    if (identifier === undefined) continue;
    const key = `${identifier.authority}|${identifier.value}`;
    if (!found.has(key)) found.set(key, identifier);
  }
  return limited(reading, [...found.values()], `${segment.name}-${field}`);
}

/** A visit number. */
export const visitIdentifier = (reading: Reading, found: Found): Identifier | undefined =>
  numberOf(reading, found, (visits) => visits);

/** An account number (PID-18, MRG-3), without its type and the name of its authority: nobody is shown them. */
export function accountIdentifier(reading: Reading, found: Found): Identifier | undefined {
  const identifier = numberOf(reading, found, ({ uri, name }) => ({ uri: `${uri}/account`, name }));
  return identifier && { authority: identifier.authority, value: identifier.value };
}

/** A number by the authority of the patient numbers is given that of its own kind, which is never the same. */
function numberOf(reading: Reading, found: Found, ofKind: (visits: Authority) => Authority): Identifier | undefined {
  const { path, segment } = found;
  const { dialect } = reading.language;
  const cx = path.component === undefined ? readCx(segment, path.field) : idAlone(valueAt(found));
  const visits = visitAuthorityBeside(dialect, patientAuthority(reading).uri) ?? dialect.visitAuthority;
  const identifier = cx && identifierOf(reading, cx, ofKind(visits), path.name);
  const beside = identifier && visitAuthorityBeside(dialect, identifier.authority);
  return beside ? { ...identifier, authority: ofKind(beside).uri } : identifier;
}

/** Undefined when it has no value, when its value is `""`, and when it is longer than any identifier is. */
export function identifierOf(reading: Reading, cx: Cx, otherwise: Authority, field: string): Identifier | undefined {
  const value = text(cx.id);
  if (value === undefined) return undefined;
  const authority = authorityOf(reading.language.dialect, cx.authority) ?? otherwise;
  if (value.length > lengthMax || authority.uri.length > lengthMax) {
    warn(reading, 'identifier-too-long', field);
    return undefined;
  }
  return {
    authority: authority.uri,
    value,
    ...sent({
      type: text(cx.typeCode),
      assigner: authority.name,
      from: dayOf(cx.effective),
      until: dayOf(cx.expiration),
    }),
  };
}

/** CX-7 and CX-8 are days; whatever is no day says nothing. */
function dayOf(value: Value): string | undefined {
  const found = /^(\d{4})(\d\d)(\d\d)/.exec(text(value) ?? '');
  const day = found === null ? '' : `${found[1]}-${found[2]}-${found[3]}`;
  return isDay(day) ? day : undefined;
}

/** A registered authority by its namespace or universal id; else by what it says of itself; undefined when it is silent. */
export function authorityOf(dialect: Dialect, hd: Hd): Authority | undefined {
  const namespace = text(hd.namespace);
  const universalId = text(hd.universalId);
  const registered =
    (namespace === undefined ? undefined : own(dialect.authorities, namespace)) ??
    (universalId === undefined ? undefined : own(dialect.authorities, universalId));
  if (registered !== undefined) return registered;
  const name = namespace ?? universalId;
  if (name === undefined) return undefined;
  const uri = universalId === undefined ? undefined : universalUri(universalId, text(hd.universalIdType));
  return { uri: uri ?? `urn:throughline:authority:${dialect.partner}:${slug(name)}`, name };
}

function universalUri(id: string, type: string | undefined): string | undefined {
  const isOid = /^[0-2](\.(0|[1-9]\d*)){2,}$/.test(id);
  if (isOid && (type === undefined || type.toUpperCase() === 'ISO')) return `urn:oid:${id}`;
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return `urn:uuid:${id.toLowerCase()}`;
  return type?.toUpperCase() === 'URI' && /^[a-z][a-z0-9+.-]*:[^\s|]+$/i.test(id) ? id : undefined;
}

/** Lower case, blanks as hyphens, other signs by number: two different names hardly ever become one authority. */
const slug = (name: string): string =>
  name
    .toLowerCase()
    .replace(/\s+/g, '-')
    .replace(/[^a-z0-9._-]/gu, (sign) => `_${(sign.codePointAt(0) ?? 0).toString(16)}`);

/** The partner's own use of a type goes before ours; a social security number is kept for none of them. */
function standsForPerson(cx: Cx, { identifierTypes }: Dialect): boolean {
  const type = text(cx.typeCode)?.toUpperCase();
  if (type !== undefined && identifierTypes?.leftOut.includes(type)) return false;
  if (type !== undefined && otherTypes.has(type) && !identifierTypes?.person.includes(type)) return false;
  const givers = [cx.authority.namespace, cx.authority.universalId, cx.facility.namespace, cx.facility.universalId];
  return !givers.some((giver) => socialSecurity.has(text(giver)?.toUpperCase() ?? ''));
}

const nobody: Hd = { namespace: undefined, universalId: undefined, universalIdType: undefined };

const idAlone = (id: Cx['id']): Cx => ({
  id,
  authority: nobody,
  typeCode: undefined,
  facility: nobody,
  effective: undefined,
  expiration: undefined,
});
