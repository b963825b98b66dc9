// What a benchmark tells: each figure beside its limit or its peer of the same run, and whether it meets the aim.
// Figures inform; they never decide a test.

export interface Figure {
  readonly part: string;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What stands beside it: the peer's figure in the same run, or the limit. */
  readonly beside?: { readonly name: string; readonly value: number };
  readonly ratio?: number;
  readonly aim?: { readonly text: string; readonly met: boolean };
  readonly note?: string;
}

export type Say = (text: string) => void;

const count = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));

export function formatTable(figures: readonly Figure[]): string {
  const rows = [
    ['', 'figure', '', 'beside', '', 'ratio', 'aim', 'met'],
    ...figures.map((figure) => [
      figure.part,
      figure.name,
      `${count(figure.value)} ${figure.unit}`,
      figure.beside?.name ?? '',
      figure.beside ? count(figure.beside.value) : '',
      figure.ratio === undefined ? '' : figure.ratio.toFixed(2),
      figure.aim?.text ?? '',
      figure.aim ? (figure.aim.met ? 'yes' : 'no') : '',
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [lines[0], widths.map((width) => '-'.repeat(width)).join('  '), ...lines.slice(1)].join('\n');
}

export const notesOf = (figures: readonly Figure[]): string[] => [
  ...new Set(figures.flatMap(({ part, note }) => (note === undefined ? [] : [`${part}  ${note}`]))),
];
