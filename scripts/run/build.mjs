// Compiles when the sources are not those that dist was made of.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { oneAtATime, Refusal, root, say } from './project.mjs';

const dist = join(root, 'dist');
const stamp = join(dist, '.stamp.json');

export async function ensureBuilt({ tellWhenCurrent = false } = {}) {
  if (isCurrent()) {
    if (tellWhenCurrent) say('The build is current.');
    return 0;
  }
  return oneAtATime(async () => {
    if (isCurrent()) return 0;
    say('Building …');
    const before = readStamp();
    const files = hashSources();
    // The compiler leaves the output of a source that is gone.
    if (!before || Object.keys(before).some((file) => !(file in files))) rmSync(dist, { recursive: true, force: true });
    rmSync(stamp, { force: true });
    const code = await runCompiler();
    if (code !== 0) throw new Refusal('The build failed.');
    writeFileSync(stamp, JSON.stringify(files));
    return 0;
  });
}

function isCurrent() {
  const before = readStamp();
  if (!before) return false;
  const now = hashSources();
  const names = Object.keys(now);
  return names.length === Object.keys(before).length && names.every((name) => now[name] === before[name]);
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(stamp, 'utf8'));
  } catch {
    return undefined;
  }
}

/** By content: a checkout sets new times on files that did not change. */
function hashSources() {
  const files = [
    'package-lock.json',
    'tsconfig.json',
    'tsconfig.build.json',
    ...['src', 'scripts', 'bench'].flatMap(list),
  ];
  const hash = (file) =>
    createHash('sha256')
      .update(readFileSync(join(root, file)))
      .digest('base64url');
  return Object.fromEntries(files.map((file) => [file, hash(file)]));
}

function list(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return list(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

function runCompiler() {
  return new Promise((resolve, reject) => {
    const args = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'];
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
