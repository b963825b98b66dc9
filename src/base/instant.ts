// Points in time and calendar days as distinct types, so that one is never taken for the other.

declare const instantBrand: unique symbol;
declare const dateBrand: unique symbol;

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number & { readonly [instantBrand]: true };

/** A day of the calendar, `YYYY-MM-DD`, in a zone that its context names. */
export type LocalDate = string & { readonly [dateBrand]: true };

/**
 * A time as a sender gave it: the instant, and how it reads where it happened.
 * `local` keeps only the digits that were sent (`2026-11-20`, `2026-11-20T23:50`); `zone` is the IANA name of the
 * partner's zone or, where the field carried an offset that differs from it, that offset (`UTC-07:00`).
 * `note` says what had to be assumed: `repeated-hour`, `missing-hour`, `precision`, `estimated` (from MSH-7),
 * `arrived` (from the arrival of the message).
 */
export interface Moment {
  readonly at: Instant;
  readonly local: string;
  readonly date: LocalDate;
  readonly zone: string;
  readonly offsetMinutes: number;
  readonly precision: 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'fraction';
  readonly note?: string;
}

export const instant = (ms: number): Instant => ms as Instant;
export const localDate = (text: string): LocalDate => text as LocalDate;
