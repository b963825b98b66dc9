// The panel: the people whose care an organisation coordinates, each by the identifiers that others know them by, for a
// span of days.

import type { LocalDate } from '../../base/instant.ts';

/** One identifier of one person, attributed for a span of days. */
export interface PanelEntry {
  readonly authority: string;
  readonly value: string;
  /** The same for all identifiers of one person, and for nobody else in the same list. */
  readonly person: string;
  readonly family?: string;
  readonly given?: string;
  readonly birthDate?: LocalDate;
  /** Whom the person is attributed to. */
  readonly practitionerNpi?: string;
  readonly practitionerName?: string;
  /** First and last day. No first day: as far back as anything is known; no last day: until further notice. */
  readonly from?: LocalDate;
  readonly until?: LocalDate;
}

/** Days from the first to the last, both included; either end may be open. */
export interface Span {
  readonly from?: LocalDate | undefined;
  readonly until?: LocalDate | undefined;
}

export const entryKey = ({ authority, value }: Pick<PanelEntry, 'authority' | 'value'>): string =>
  `${authority}|${value}`;

export const covers = ({ from, until }: Span, day: LocalDate): boolean =>
  (from === undefined || from <= day) && (until === undefined || until >= day);

/** What a list says of a person beside the days. */
export const saidOfPerson = [
  'person',
  'family',
  'given',
  'birthDate',
  'practitionerNpi',
  'practitionerName',
] as const satisfies readonly (keyof PanelEntry)[];

/** What an organisation wants of its panel (profiles/organisations/*.yaml). */
export interface PanelRules {
  /** A list that is smaller than what stands by more than this share is refused unless a person names the exception. */
  readonly shrinkPercentMax: number;
  /** What is kept of a message about someone off the panel: a count, its bytes for some days, or everything. */
  readonly offPanel: { readonly keep: 'counts' | 'raw' | 'all'; readonly rawDays: number };
}

export const defaultPanelRules: PanelRules = { shrinkPercentMax: 50, offPanel: { keep: 'raw', rawDays: 30 } };
