// Builds one SQL text from fixed pieces, with every value bound; and gives the text the name under which a connection
// keeps it planned.

export interface StatementBuilder {
  /** Binds a value and gives its place: `$3::text[]`. The cast is one of ours, never text from outside. */
  bind(value: unknown, cast: Cast): string;
  readonly values: readonly unknown[];
}

export type Cast = 'text' | 'text[]' | 'int' | 'float8' | 'timestamptz';

export function statementBuilder(): StatementBuilder {
  const values: unknown[] = [];
  return {
    values,
    bind(value, cast) {
      values.push(value);
      return `$${values.length}::${cast}`;
    },
  };
}

/** Milliseconds since 1970 as a time; both casts are exact to the millisecond until the year 9999. */
export const timeOf = (place: string): string => `to_timestamp(${place} / 1000)`;

const names = new Map<string, string>();
const namesMax = 300;

/**
 * A name for a text that is put together at run time. Every connection keeps each named plan for good, and a client
 * decides how many different texts there are; so after the first 300 the rest go unnamed, planned each time.
 */
export function nameOf(prefix: string, text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  if (names.size >= namesMax) return '';
  const name = `${prefix}-${names.size + 1}`;
  names.set(text, name);
  return name;
}
