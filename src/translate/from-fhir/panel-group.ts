// A list of members as a FHIR Group (R4 group.html; Da Vinci ATR for the attributed provider): its members' Patients
// contained, in the same Bundle, or named by an identifier alone.

import { Fault } from '../../base/fault.ts';
import { type LocalDate, localDate } from '../../base/instant.ts';
import { isDay } from '../../base/time.ts';
import { collect, type PanelList, type Row, type Unreadable } from '../../domain/panel/collect.ts';
import type { PanelEntry } from '../../domain/panel/member.ts';
import { system } from '../../fhir/system.ts';
import { isSpanDay, isText, textWanted } from '../panel-values.ts';

type Json = Readonly<Record<string, unknown>>;

const attributedProvider = /\/ext-attributedProvider$/;

/** Throws `ops.request-invalid` where the text is no such Group at all. */
export function readPanelGroup(bytes: Uint8Array): PanelList {
  const { group, patients } = parse(bytes);
  const rows: Row[] = [];
  const unreadable: Unreadable[] = [];
  for (const [index, member] of objects(group.member).entries()) {
    const line = index + 1;
    const read = readMember(member, patients);
    if (typeof read === 'string') unreadable.push({ line, reason: read });
    else for (const entry of read) rows.push({ line, entry });
  }
  return collect(rows, unreadable);
}

function parse(bytes: Uint8Array): { readonly group: Json; readonly patients: ReadonlyMap<string, Json> } {
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new Fault('ops.request-invalid', { detail: 'send a Group, or a Bundle with one Group, as JSON in UTF-8' });
  }
  const entries = isObject(body) && body.resourceType === 'Bundle' ? objects(body.entry) : [{ resource: body }];
  const groups = entries
    .map(({ resource }) => resource)
    .filter((one): one is Json => isObject(one) && one.resourceType === 'Group');
  const [group] = groups;
  if (group === undefined || groups.length > 1)
    throw new Fault('ops.request-invalid', { detail: 'send a Group, or a Bundle with one Group' });
  if (group.type !== 'person') throw new Fault('ops.request-invalid', { detail: 'Group.type must be person' });
  const patients = new Map<string, Json>();
  for (const { fullUrl, resource } of entries as readonly Json[]) {
    if (!isObject(resource) || resource.resourceType !== 'Patient') continue;
    if (typeof fullUrl === 'string') patients.set(fullUrl, resource);
    if (typeof resource.id === 'string') patients.set(`Patient/${resource.id}`, resource);
  }
  for (const one of objects(group.contained))
    if (one.resourceType === 'Patient' && typeof one.id === 'string') patients.set(`#${one.id}`, one);
  return { group, patients };
}

/** The entries of one member, none where the member is inactive; or what would be right. */
function readMember(member: Json, patients: ReadonlyMap<string, Json>): readonly PanelEntry[] | string {
  if (member.inactive === true) return [];
  const entity = isObject(member.entity) ? member.entity : {};
  const reference = textAt(entity.reference);
  const patient = reference === undefined ? undefined : patients.get(reference);
  if (reference !== undefined && patient === undefined && !isObject(entity.identifier))
    return 'entity.reference must lead to a contained Patient or one of the Bundle, or entity.identifier be given';
  const said = patient === undefined ? [entity.identifier] : objects(patient.identifier);
  const identifiers = said.filter(isObject).flatMap((one) => {
    const [authority, value] = [textAt(one.system), textAt(one.value)];
    return authority === undefined || value === undefined || value.length > 256 || authority.length > 256
      ? []
      : [{ authority, value }];
  });
  const [first] = identifiers;
  if (first === undefined) return 'a member must have an identifier with a system and a value';
  const period = isObject(member.period) ? member.period : {};
  const [from, until] = [dayAt(period.start, isSpanDay), dayAt(period.end, isSpanDay)];
  if (from === 'wrong' || until === 'wrong') return 'period must hold days like 2026-11-20';
  if (from !== undefined && until !== undefined && until < from) return 'period.end must not be before period.start';
  const birthDate = birthDateOf(patient);
  if (birthDate === 'wrong') return 'birthDate must be a date like 1955-01-02';
  const person = `${first.authority}|${first.value}`;
  const rest = {
    ...nameOf(patient),
    ...(birthDate && { birthDate }),
    ...practitionerOf(member, patient),
    ...(from && { from }),
    ...(until && { until }),
  };
  const entries = identifiers.map((identifier) => ({ ...identifier, person, ...rest }));
  return entries.every((entry) => Object.values(entry).every(isText)) ? entries : `names and identifiers ${textWanted}`;
}

function nameOf(patient: Json | undefined): Pick<PanelEntry, 'family' | 'given'> {
  const names = objects(patient?.name);
  const name = names.find((one) => one.use === 'official') ?? names[0];
  const family = textAt(name?.family);
  const given = Array.isArray(name?.given)
    ? name.given
        .filter((part) => typeof part === 'string')
        .join(' ')
        .trim()
    : '';
  return { ...(family !== undefined && { family }), ...(given !== '' && { given }) };
}

/** FHIR allows a year or a month (R4 datatypes.html#date), which is nothing to compare by. */
function birthDateOf(patient: Json | undefined): LocalDate | 'wrong' | undefined {
  const isPart = /^\d{4}(-\d\d)?$/.test(textAt(patient?.birthDate) ?? '');
  return isPart ? undefined : dayAt(patient?.birthDate, isDay);
}

function practitionerOf(
  member: Json,
  patient: Json | undefined,
): Pick<PanelEntry, 'practitionerNpi' | 'practitionerName'> {
  const attributed = objects(member.extension).find((one) => attributedProvider.test(textAt(one.url) ?? ''));
  const reference = attributed?.valueReference ?? objects(patient?.generalPractitioner)[0];
  if (!isObject(reference)) return {};
  const identifier = isObject(reference.identifier) ? reference.identifier : {};
  const npi = identifier.system === system.nationalProvider ? textAt(identifier.value) : undefined;
  const name = textAt(reference.display);
  return {
    ...(npi !== undefined && /^\d{10}$/.test(npi) && { practitionerNpi: npi }),
    ...(name !== undefined && { practitionerName: name }),
  };
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const objects = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

const textAt = (value: unknown): string | undefined => {
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' ? undefined : text;
};

/** The day of a FHIR date or dateTime; less than a day is not enough to go by. */
function dayAt(value: unknown, isTaken: (day: string) => boolean): LocalDate | 'wrong' | undefined {
  const text = textAt(value);
  if (text === undefined) return undefined;
  const day = text.slice(0, 10);
  return isTaken(day) ? localDate(day) : 'wrong';
}
