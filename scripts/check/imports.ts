// Holds the code to the import table of .dependency-cruiser.mjs, and distrusts a clean report: the tool has been seen
// to read nothing at all and call that "no violations".

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import ruleBook from '../../.dependency-cruiser.mjs';

export interface ImportReport {
  readonly modules: number;
  readonly files: number;
  /** A sentence each; none means that all is well. */
  readonly problems: readonly string[];
}

export async function checkImports(root: string): Promise<ImportReport> {
  const files = sourcesIn(join(root, 'src')).length;
  if (files === 0) return { modules: 0, files, problems: [`There is no TypeScript file in ${join(root, 'src')}.`] };
  const { forbidden, options } = ruleBook;
  const { output } = await cruise(['src'], {
    ...options,
    validate: true,
    ruleSet: { forbidden: [...forbidden] },
    baseDir: root,
    outputType: 'json',
  });
  const result = (typeof output === 'string' ? JSON.parse(output) : output) as ICruiseResult;
  const modules = result.modules.filter((module) => /^src\/.*\.tsx?$/.test(module.source)).length;
  const problems = result.summary.violations.map(({ rule, from, to }) => {
    const why = forbidden.find((known) => known.name === rule.name)?.comment ?? '';
    return `${from} → ${to}\n    ${rule.name}: ${why}`;
  });
  if (modules < files) problems.push(`Only ${modules} of ${files} files were read, so the rules prove nothing.`);
  return { modules, files, problems };
}

function sourcesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
}
