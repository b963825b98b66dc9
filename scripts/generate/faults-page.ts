// docs/faults.md: every code the service can answer with, from the table in src/base/fault.ts.

import { type FaultKind, faults } from '../../src/base/fault.ts';

const meanings: Readonly<Record<FaultKind, string>> = {
  invalid: 'what you sent is wrong',
  unauthenticated: 'we do not know you',
  forbidden: 'we know you; no',
  'not-found': 'there is none',
  gone: 'there was one',
  conflict: 'someone was faster, or a person must decide',
  unsupported: 'right, but not here',
  busy: 'too much at once; try later',
  unavailable: 'they, or our database, are away; try later',
  defect: 'our mistake',
};

export function faultsPage(): string {
  const kinds = Object.entries(meanings).map(([kind, meaning]) => `| ${kind} | ${meaning} |`);
  const rows = Object.entries(faults).map(
    ([code, [kind, sentence]]) => `| \`${code}\` | ${kind} | ${sentence.replaceAll('|', '\\|')} |`,
  );
  return [
    '# Faults',
    '',
    'Made from `src/base/fault.ts` by `npm run generate`; do not edit. The code is stable; the kind says what a',
    'caller can do.',
    '',
    '| kind | means |',
    '|---|---|',
    ...kinds,
    '',
    '| code | kind | |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
