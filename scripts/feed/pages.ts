// Long lists, page by page, up to as many rows as were asked for; and the sentence that says that there are more.

/** The most that a page of the service holds. */
const pageMax = 200;

export interface Gathered<Row> {
  readonly rows: readonly Row[];
  /** For `--json`: there where the list goes on. */
  readonly more: { readonly more?: true };
}

/** Throws an error that says what would be right. */
export function limitOf(text: unknown, usual: number): number {
  if (text === undefined) return usual;
  const limit = Number(text);
  if (!Number.isSafeInteger(limit) || limit < 1) throw new Error('--limit is a whole number from 1 on');
  return limit;
}

/** `page` gives what stands behind the last row, at most `size` rows, and whether there are more. */
export async function gather<Row>(
  limit: number,
  page: (size: number, last: Row | undefined) => Promise<{ readonly rows: readonly Row[]; readonly more: boolean }>,
): Promise<Gathered<Row>> {
  const rows: Row[] = [];
  for (;;) {
    const found = await page(Math.min(pageMax, limit - rows.length), rows.at(-1));
    rows.push(...found.rows);
    if (!found.more) return { rows, more: {} };
    if (rows.length >= limit || found.rows.length === 0) return { rows, more: { more: true } };
  }
}

/** A list as text, with a hint where it goes on. */
export const withHint = (text: string, { rows, more }: Gathered<unknown>): string =>
  more.more === true ? `${text}\n\nThese are ${rows.length}, and there are more; --limit N shows more of them.` : text;
