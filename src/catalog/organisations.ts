// Organisations: the practices that coordinate care, their days and roles (profiles/organisations/*.yaml).

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isZone } from '../base/time.ts';
import type { Code, PostalAddress } from '../domain/code.ts';
import type { Practice, Role } from '../domain/practice.ts';
import { readOperators } from './operators.ts';
import { readPanelRules } from './panel-rules.ts';
import {
  day,
  type Field,
  flag,
  identifier,
  list,
  oneOf,
  openYaml,
  type Problem,
  record,
  repeated,
  report,
  text,
} from './reading.ts';

/** Reads `profiles/organisations`. An organisation with problems is not among the results. */
export function readOrganisations(folder: string): { organisations: Practice[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const organisations: Practice[] = [];
  for (const name of yamlFiles(folder, problems)) {
    const before = problems.length;
    const field = openYaml(join(folder, name), organisationFile(name.slice(0, -'.yaml'.length)), problems);
    const organisation = field && readOrganisation(field, name.slice(0, -'.yaml'.length));
    if (organisation && problems.length === before) organisations.push(organisation);
  }
  return { organisations, problems };
}

/** How problems name the file of an organisation. */
export const organisationFile = (id: string): string => `organisations/${id}.yaml`;

function yamlFiles(folder: string, problems: Problem[]): string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
    if (names.length > 0) return names.sort();
  } catch {
    // A folder that is absent holds no organisation, and is told of as such.
  }
  problems.push({ file: 'organisations', place: '', says: 'there is no organisation', right: 'add <id>.yaml' });
  return [];
}

function readOrganisation(field: Field, fileId: string): Practice {
  const keys = record(
    field,
    ['id', 'name', 'time-zone', 'holidays', 'phone', 'roles'],
    ['closures', 'closures-extend', 'address', 'operators', 'stay-days-max', 'panel', 'off-panel'],
  );
  const id = identifier(keys.id);
  if (id !== fileId) report(keys.id, `the id "${id}" is not the name of its file`, `write ${fileId}`);
  const timeZone = text(keys['time-zone']);
  if (timeZone !== '' && !isZone(timeZone)) {
    report(keys['time-zone'], `unknown time zone "${timeZone}"`, 'write an IANA name such as America/New_York');
  }
  const roles = list(keys.roles).map(readRole);
  for (const role of repeated(roles.map((each) => each.id))) {
    report(keys.roles, `the role "${role}" stands twice`, 'give each role once');
  }
  return {
    id,
    name: text(keys.name),
    timeZone,
    holidays: oneOf(keys.holidays, ['us-federal', 'none'], 'holiday calendar'),
    closures: keys.closures ? list(keys.closures).map(day) : [],
    closuresExtend: keys['closures-extend'] ? flag(keys['closures-extend']) : false,
    phone: text(keys.phone),
    ...(keys.address ? { address: readAddress(keys.address) } : {}),
    roles,
    panel: readPanelRules(keys.panel, keys['off-panel']),
    ...readOperators(
      keys.operators,
      keys['stay-days-max'],
      roles.map((role) => role.id),
    ),
  };
}

function readRole(field: Field): Role {
  const keys = record(field, ['id', 'title', 'code']);
  return { id: identifier(keys.id), title: text(keys.title), code: readCode(keys.code) };
}

function readCode(field: Field): Code {
  const keys = record(field, ['system', 'code'], ['text']);
  return {
    system: text(keys.system),
    code: text(keys.code),
    ...(keys.text ? { text: text(keys.text) } : {}),
  };
}

function readAddress(field: Field): PostalAddress {
  const keys = record(field, ['lines'], ['city', 'state', 'postal-code', 'country', 'district']);
  return {
    lines: list(keys.lines).map(text),
    ...(keys.city ? { city: text(keys.city) } : {}),
    ...(keys.state ? { state: text(keys.state) } : {}),
    ...(keys['postal-code'] ? { postalCode: text(keys['postal-code']) } : {}),
    ...(keys.country ? { country: text(keys.country) } : {}),
    ...(keys.district ? { district: text(keys.district) } : {}),
  };
}
