// The catalogue: all profiles and mappings, read once at the start and checked as a whole. Every fault is listed with
// file, line and place; then the process starts or does not.

import { join } from 'node:path';
import { Fault } from '../base/fault.ts';
import type { MatchRules } from '../domain/patient/likeness.ts';
import type { Practice } from '../domain/practice.ts';
import type { Protocol } from '../domain/protocol/protocol.ts';
import type { AdtMapping, CodeTable } from '../translate/from-hl7/dialect.ts';
import type { OtherMappings } from '../translate/from-hl7/other-fact.ts';
import { readMappings } from './mappings.ts';
import { readMatchRules } from './match-rules.ts';
import { readOrganisations } from './organisations.ts';
import type { ClientPartner, FeedPartner } from './partner.ts';
import { checkOrganisations, readPartners } from './partners.ts';
import { crossCheck, readProtocols } from './protocols.ts';
import { tellProblem } from './reading.ts';

export interface Catalog {
  readonly organisations: ReadonlyMap<string, Practice>;
  readonly feeds: readonly FeedPartner[];
  readonly clients: readonly ClientPartner[];
  readonly protocols: readonly Protocol[];
  readonly adt: AdtMapping;
  readonly others: OtherMappings;
  readonly tables: Readonly<Record<string, CodeTable>>;
  readonly matchRules: MatchRules;
}

/** Throws `catalog.invalid`; its detail tells all problems, one a line. */
export function readCatalog(folders: { readonly profilesDir: string; readonly mappingsDir: string }): Catalog {
  const { organisations, problems: ofOrganisations } = readOrganisations(join(folders.profilesDir, 'organisations'));
  const { protocols, problems: ofProtocols } = readProtocols(join(folders.profilesDir, 'protocols'));
  const partners = readPartners(join(folders.profilesDir, 'partners'));
  const { adt, others, tables, problems: ofMappings } = readMappings(folders.mappingsDir);
  const { rules: matchRules, problems: ofMatchRules } = readMatchRules(folders.mappingsDir);
  const problems = [
    ...ofOrganisations,
    ...ofProtocols,
    ...crossCheck(protocols, organisations),
    ...partners.problems,
    // An organisation that could not be read must not be called unknown as well.
    ...(ofOrganisations.length === 0 ? checkOrganisations(partners, organisations) : []),
    ...ofMappings,
    ...ofMatchRules,
  ];
  if (problems.length > 0) throw new Fault('catalog.invalid', { detail: problems.map(tellProblem).join('\n') });
  return {
    organisations: new Map(organisations.map((organisation) => [organisation.id, organisation])),
    feeds: partners.feeds,
    clients: partners.clients,
    protocols,
    adt,
    others,
    tables,
    matchRules,
  };
}
