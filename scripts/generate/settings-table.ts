// The table of settings in the README, between its two markers, from the list in src/config.ts.

import { settings } from '../../src/config.ts';

const start = '<!-- settings:start -->';
const end = '<!-- settings:end -->';

export function settingsTable(readme: string): string {
  const [before, rest] = readme.split(start);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) {
    throw new Error(`README.md must hold ${start} and, below it, ${end}.`);
  }
  const rows = settings.map(
    ({ name, default: byDefault, describes }) =>
      `| \`${name}\` | ${byDefault === '' ? '' : `\`${byDefault}\``} | ${cell(describes)} |`,
  );
  return `${before}${start}\n\n| setting | default | |\n|---|---|---|\n${rows.join('\n')}\n\n${end}${after}`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|');
