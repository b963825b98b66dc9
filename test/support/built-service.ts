// The service as plain JavaScript, so that a test can start its process in a second and not in three. Made once for
// each state of the sources and kept in the folder for temporary files; what is older than a day is cleared.

import { createHash, randomUUID } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const prefix = 'throughline-built-';
const keptMs = 24 * 3_600_000;

/** The path of `main.js`. */
export async function builtService(): Promise<string> {
  const sources = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' }).sort();
  const files = sources.filter((name) => name.endsWith('.ts') || name.endsWith('.sql'));
  const digest = createHash('sha256').update(root);
  for (const name of files) digest.update(name).update(readFileSync(path.join(root, 'src', name)));
  const folder = path.join(tmpdir(), `${prefix}${digest.digest('hex').slice(0, 16)}`);
  if (!existsSync(folder)) await build(folder, files);
  return path.join(folder, 'src', 'main.js');
}

async function build(folder: string, files: readonly string[]): Promise<void> {
  const { default: ts } = await import('typescript');
  const compilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    verbatimModuleSyntax: true,
    rewriteRelativeImportExtensions: true,
  };
  const half = `${folder}.${randomUUID()}`;
  for (const name of files) {
    const from = path.join(root, 'src', name);
    const to = path.join(half, 'src', name.replace(/\.ts$/, '.js'));
    mkdirSync(path.dirname(to), { recursive: true });
    if (name.endsWith('.ts'))
      writeFileSync(to, ts.transpileModule(readFileSync(from, 'utf8'), { compilerOptions, fileName: from }).outputText);
    else cpSync(from, to);
  }
  cpSync(path.join(root, 'package.json'), path.join(half, 'package.json'));
  symlinkSync(path.join(root, 'node_modules'), path.join(half, 'node_modules'));
  try {
    renameSync(half, folder);
  } catch (thrown) {
    // Another test file was faster.
    rmSync(half, { recursive: true, force: true });
    if (!existsSync(folder)) throw thrown;
  }
  for (const name of readdirSync(tmpdir())) {
    const old = path.join(tmpdir(), name);
    if (!name.startsWith(prefix) || old === folder) continue;
    if (Date.now() - statSync(old).mtimeMs > keptMs) rmSync(old, { recursive: true, force: true });
  }
}
