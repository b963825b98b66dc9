// The limits on the length of source files.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkSizes } from '../../../scripts/check/sizes.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function aProject(...lines: number[]): string {
  const root = mkdtempSync(join(tmpdir(), 'throughline-sizes-'));
  folders.push(root);
  mkdirSync(join(root, 'src/base'), { recursive: true });
  lines.forEach((count, index) => {
    writeFileSync(join(root, `src/base/${index}.ts`), '//\n'.repeat(count));
  });
  return root;
}

describe('the size check', () => {
  it('passes a file of 400 lines and refuses one of 401', () => {
    expect(checkSizes(aProject(1, 1, 400)).problems).toEqual([]);
    expect(checkSizes(aProject(1, 1, 401)).problems).toEqual([expect.stringContaining('401 lines')]);
  });

  it('passes a median of 100 lines and refuses one of 101', () => {
    expect(checkSizes(aProject(1, 100, 300))).toEqual({ files: 3, median: 100, problems: [] });
    expect(checkSizes(aProject(1, 101, 300)).problems).toEqual([expect.stringContaining('101 lines')]);
  });

  it('refuses to have looked at nothing', () => {
    expect(checkSizes(aProject()).problems).toEqual([expect.stringContaining('no TypeScript file')]);
    expect(checkSizes(tmpdir()).problems).toEqual([expect.stringContaining('no folder src')]);
  });
});
