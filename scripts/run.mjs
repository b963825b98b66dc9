// The door to every npm script: brings dependencies and build up to date, says nothing when they are, then runs the
// command in a child whose exit code and signals are passed on. Plain JavaScript, because it runs before any install.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './run/build.mjs';
import { runNode } from './run/child.mjs';
import { ensureInstalled } from './run/install.mjs';
import { Refusal, root, say } from './run/project.mjs';

const commands = {
  build: () => ensureBuilt({ tellWhenCurrent: true }),
  check: (args) => runTypescript('scripts/check.ts', args),
  generate: (args) => runTypescript('scripts/generate.ts', args),
  test: runTests,
  demo: (args) => runBuilt('demo', args),
  bench: (args) => runBuilt('bench', args),
  token: (args) => runBuilt('token', args),
  send: (args) => runBuilt('send', args),
  feed: (args) => runBuilt('feed', args),
};

/** A production site may have left out what only development needs, so `start` neither installs nor builds. */
function start(args) {
  const main = 'dist/src/main.js';
  if (!existsSync(join(root, main))) throw new Refusal('There is no build yet: run npm run build first.');
  // With the options of Node that `npm start` names.
  return runNode([...process.execArgv, '--enable-source-maps', main, ...args]);
}

async function main([name, ...args]) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 11)) {
    throw new Refusal(`Throughline needs Node 20.11 or newer; this is ${process.versions.node}.`);
  }
  if (name === 'start') return start(args);
  const command = Object.hasOwn(commands, name ?? '') ? commands[name] : undefined;
  if (!command) throw new Refusal(`Usage: node scripts/run.mjs <start|${Object.keys(commands).join('|')}> [arguments]`);
  await ensureInstalled();
  return command(args);
}

const runTypescript = (script, args) => runNode(['--import', 'tsx', script, ...args]);

async function runBuilt(name, args) {
  await ensureBuilt();
  const script = `dist/scripts/${name}.js`;
  if (!existsSync(join(root, script))) throw new Refusal(`There is no scripts/${name}.ts.`);
  return runNode(['--enable-source-maps', script, ...args]);
}

/** The last line is the verdict, counted from the runner's own report; a run without tests is a failure. */
async function runTests(args) {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-report-'));
  const report = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const code = await runNode(['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...args]);
    const { passed, failed } = countTests(report, code);
    process.stdout.write(`${passed} passed, ${failed} failed\n`);
    return code !== 0 ? code : failed > 0 || passed === 0 ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function countTests(report, code) {
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const told = JSON.parse(readFileSync(report, 'utf8'));
  // A file can fail without a failed test: it does not load, or its last hook throws.
  const broken = told.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  const failed = told.numFailedTests + broken.length;
  return { passed: told.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed };
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  say(error instanceof Refusal ? error.message : (error?.stack ?? String(error)));
  process.exitCode = 1;
}
