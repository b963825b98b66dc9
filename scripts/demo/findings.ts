// What the check found: how often each kind of thing was looked at, and every difference in plain words.

export interface Findings {
  /** Notes one look; where `holds` is false, the difference as well. */
  look(kind: string, holds: boolean, difference: () => string): void;
  /** Looks whether two values are the same. */
  same(kind: string, about: string, found: unknown, expected: unknown): void;
  readonly differences: readonly string[];
  table(): string;
}

const differencesMax = 200;

export function createFindings(): Findings {
  const kinds = new Map<string, { looks: number; differences: number }>();
  const differences: string[] = [];

  function look(kind: string, holds: boolean, difference: () => string): void {
    const counted = kinds.get(kind) ?? { looks: 0, differences: 0 };
    counted.looks += 1;
    if (!holds) {
      counted.differences += 1;
      differences.push(`${kind}: ${difference()}`);
    }
    kinds.set(kind, counted);
  }

  return {
    look,
    same(kind, about, found, expected) {
      look(
        kind,
        JSON.stringify(found) === JSON.stringify(expected),
        () => `${about} should be ${shown(expected)}, is ${shown(found)}`,
      );
    },
    differences,
    table() {
      const width = Math.max(...[...kinds.keys()].map((kind) => kind.length));
      const rows = [...kinds].map(([kind, { looks, differences: wrong }]) => {
        const verdict = wrong === 0 ? 'ok' : `${wrong} ${wrong === 1 ? 'DIFFERS' : 'DIFFER'}`;
        return `  ${kind.padEnd(width)}  ${String(looks).padStart(5)}  ${verdict}`;
      });
      const told = differences.slice(0, differencesMax).map((difference) => `  ${difference}`);
      const more = differences.length > differencesMax ? [`  and ${differences.length - differencesMax} more`] : [];
      return [...rows, ...(told.length === 0 ? [] : ['', 'Differences:', ...told, ...more])].join('\n');
    },
  };
}

const shown = (value: unknown): string => (value === undefined ? 'absent' : JSON.stringify(value));
