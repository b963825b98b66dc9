// Codes and names as care coordination uses them; each language's own shapes stay in its own folder.

/** A code with the system that defines it; `text` is the sender's wording. */
export interface Code {
  readonly system?: string;
  readonly code?: string;
  readonly text?: string;
}

/** A value and the authority that gave it. `authority` is the URI under which it is matched and published. */
export interface Identifier {
  readonly authority: string;
  readonly value: string;
  /** Identifier type of HL7 table 0203: MR, PI, VN … */
  readonly type?: string;
  /** The authority's own name, as sent, for people. */
  readonly assigner?: string;
  /** First and last day on which it holds (CX-7, CX-8), `YYYY-MM-DD`. */
  readonly from?: string;
  readonly until?: string;
  /** Replaced by another identifier of the same person (A47); it still finds them. */
  readonly isOld?: boolean;
}

/** One key for an identifier; two identifiers are the same when their keys are. */
export const identifierKey = (identifier: Identifier): string => `${identifier.authority}|${identifier.value}`;

export interface PersonName {
  readonly use?: 'official' | 'usual' | 'nickname' | 'maiden' | 'temp' | 'old' | 'anonymous';
  readonly family?: string;
  readonly given: readonly string[];
  readonly prefix?: string;
  readonly suffix?: string;
}

export interface PostalAddress {
  readonly use?: 'home' | 'work' | 'temp' | 'old' | 'billing';
  readonly lines: readonly string[];
  readonly city?: string;
  readonly state?: string;
  readonly postalCode?: string;
  readonly country?: string;
  readonly district?: string;
}

export interface ContactPoint {
  readonly system: 'phone' | 'fax' | 'email' | 'pager' | 'url' | 'sms' | 'other';
  readonly use?: 'home' | 'work' | 'temp' | 'old' | 'mobile';
  readonly value: string;
}

/** A professional as a message names them. */
export interface PractitionerName {
  readonly identifier?: Identifier;
  readonly name: PersonName;
}
