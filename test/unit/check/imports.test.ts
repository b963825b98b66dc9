// The import check: it holds the table, and a report of nothing read is not a clean report.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkImports } from '../../../scripts/check/imports.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function aProject(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'throughline-imports-'));
  folders.push(root);
  for (const [file, text] of Object.entries({ 'package.json': '{ "type": "module" }', ...files })) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return root;
}

const value = 'export const value = 1;\n';
const using = (from: string): string => `import { value } from '${from}';\nexport const twice = value * 2;\n`;

describe('the import check', () => {
  it('refuses a project without sources, and one whose sources it did not read', async () => {
    expect((await checkImports(aProject({}))).problems).toEqual([expect.stringContaining('no TypeScript file')]);
    const hidden = aProject({ 'src/base/a.ts': value, 'src/node_modules/b/c.ts': value });
    expect((await checkImports(hidden)).problems).toContainEqual(
      expect.stringContaining('Only 1 of 2 files were read'),
    );
  });

  it('passes what the table allows, and counts it', async () => {
    const root = aProject({
      'src/base/a.ts': value,
      'src/hl7/b.ts': using('../base/a.ts'),
      'src/main.ts': using('./hl7/b.ts'),
    });
    expect(await checkImports(root)).toEqual({ modules: 3, files: 3, problems: [] });
  });

  it.each([
    ['src/base/b.ts', '../hl7/a.ts', 'base-imports-only-its-row'],
    ['src/hl7/b.ts', '../fhir/a.ts', 'hl7-imports-only-its-row'],
    ['src/domain/b.ts', '../store/a.ts', 'domain-imports-only-its-row'],
    ['src/store/b.ts', '../flow/a.ts', 'store-imports-only-its-row'],
    ['src/flow/b.ts', '../catalog/a.ts', 'flow-takes-types-of-catalog'],
    ['src/mllp/b.ts', '../store/a.ts', 'mllp-imports-only-its-row'],
    ['src/api/b.ts', '../worker/a.ts', 'api-imports-only-its-row'],
    ['src/worker/b.ts', '../config.ts', 'settings-are-handed-in'],
    ['src/api/b.ts', '../main.ts', 'main-is-the-top'],
  ])('refuses that %s imports %s', async (file, imported, rule) => {
    const target = join(dirname(file), imported);
    const { problems } = await checkImports(aProject({ [file]: using(imported), [target]: value }));
    expect(problems).toContainEqual(expect.stringContaining(rule));
  });

  it.each([
    ['src/domain/a.ts', `import 'node:fs';`, 'pure-folders-compute'],
    ['src/hl7/a.ts', `import 'node:timers/promises';`, 'pure-folders-compute'],
    ['src/flow/a.ts', `import 'node:fs/promises';`, 'files-at-the-start-only'],
    ['src/flow/a.ts', `import 'not-installed';`, 'everything-resolves'],
  ])('refuses in %s: %s', async (file, text, rule) => {
    const { problems } = await checkImports(aProject({ [file]: text }));
    expect(problems).toContainEqual(expect.stringContaining(rule));
  });

  it('refuses SQL outside the store', async () => {
    const pg = { 'node_modules/pg/package.json': '{ "main": "index.js" }', 'node_modules/pg/index.js': '' };
    const { problems } = await checkImports(
      aProject({ ...pg, 'src/flow/a.ts': `import 'pg';`, 'src/store/b.ts': `import 'pg';` }),
    );
    expect(problems).toEqual([expect.stringContaining('src/flow/a.ts')]);
  });

  it('refuses a cycle, of types too', async () => {
    const one = `import type { Two } from './two.ts';\nexport interface One { readonly two: Two }\n`;
    const two = `import type { One } from './one.ts';\nexport interface Two { readonly one: One }\n`;
    const { problems } = await checkImports(aProject({ 'src/domain/one.ts': one, 'src/domain/two.ts': two }));
    expect(problems).toContainEqual(expect.stringContaining('no-cycles'));
  });

  it('lets a use case take types of the catalogue', async () => {
    const types = `import type { Catalog } from '../catalog/a.ts';\nexport type Mine = Catalog;\n`;
    const root = aProject({
      'src/flow/b.ts': types,
      'src/catalog/a.ts': 'export interface Catalog { readonly a: 1 }\n',
    });
    expect((await checkImports(root)).problems).toEqual([]);
  });
});
