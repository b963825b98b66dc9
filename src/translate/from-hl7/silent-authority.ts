// Whose numbers they are where CX-4 is silent: those of the facility that sends (MSH-4), else those of the feed, and
// beside the numbers of patients those of their visits. docs/decisions/0043-authorities-of-facilities.md.

import type { Authority, Dialect } from './dialect.ts';
import type { Reading } from './reading.ts';
import { own } from './sent.ts';

/** Of patient numbers that name no authority. */
export function patientAuthority({ facility, language }: Pick<Reading, 'facility' | 'language'>): Authority {
  const { facilityAuthorities, defaultAuthority } = language.dialect;
  if (facilityAuthorities === undefined || facility === undefined) return defaultAuthority;
  return own(facilityAuthorities, facility) ?? defaultAuthority;
}

/** The authority of visits beside one of patients, which is never the same; undefined for any other. */
export function visitAuthorityBeside(dialect: Dialect, uri: string): Authority | undefined {
  if (uri === dialect.defaultAuthority.uri) return dialect.visitAuthority;
  const facility = Object.values(dialect.facilityAuthorities ?? {}).find((authority) => authority.uri === uri);
  return facility && { uri: `${uri}/visit`, name: facility.name };
}
