// Installs the dependencies when what is in node_modules is not what package-lock.json says.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { oneAtATime, Refusal, root, say } from './project.mjs';

export async function ensureInstalled() {
  if (isInstalled()) return;
  await oneAtATime(async () => {
    if (isInstalled()) return;
    const started = Date.now();
    say('Installing dependencies (npm ci) …');
    const { code, told } = await runNpm(['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund']);
    if (code !== 0) throw new Refusal(explain(told));
    writeFileSync(installedFrom, hashOfLock());
    say(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`);
  });
}

/**
 * npm notes what it installed in a lock file of its own. It leaves out what is meant for other platforms, and what
 * only those need; so an optional package that names no platform may be absent.
 */
function isInstalled() {
  const wanted = readPackages('package-lock.json');
  const found = readPackages('node_modules/.package-lock.json');
  if (!wanted) throw new Refusal('package-lock.json is missing; is this a complete checkout?');
  if (!found) return false;
  if (readInstalledFrom() === hashOfLock()) return true;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    if (found[path]) return found[path].version === entry.version && found[path].integrity === entry.integrity;
    return entry.optional === true && !(namesPlatform(entry) && isForThisPlatform(entry));
  });
}

const installedFrom = join(root, 'node_modules/.installed-from');
const hashOfLock = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
const readInstalledFrom = () => (existsSync(installedFrom) ? readFileSync(installedFrom, 'utf8') : undefined);
const namesPlatform = ({ os, cpu, libc }) => Boolean(os ?? cpu ?? libc);

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function isForThisPlatform({ os, cpu, libc }) {
  const fits = (list, value) => !list || list.includes(value);
  const isMusl = existsSync(`/lib/ld-musl-${{ x64: 'x86_64', arm64: 'aarch64' }[process.arch]}.so.1`);
  return fits(os, process.platform) && fits(cpu, process.arch) && fits(libc, isMusl ? 'musl' : 'glibc');
}

function runNpm(args) {
  const npm = findNpm();
  const env = { ...process.env, ...npmHome(), npm_config_loglevel: 'error' };
  return new Promise((resolve, reject) => {
    const child = spawn(npm[0], [...npm.slice(1), ...args], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && npm.length === 1,
    });
    let told = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (told = (told + data).slice(-4000)));
    child.once('error', () => reject(new Refusal('npm was not found; it comes with Node.')));
    child.once('close', (code) => resolve({ code, told }));
  });
}

/** Inside an npm script: the npm that runs it. Else the one beside this Node, else whichever is on the path. */
function findNpm() {
  const inside = process.env.npm_execpath;
  if (inside && /npm-cli\.[cm]?js$/.test(inside)) return [process.execPath, inside];
  const beside = join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js');
  return existsSync(beside) ? [process.execPath, beside] : ['npm'];
}

/** npm keeps its cache at home. Without a home that can be written to, in the temporary folder. */
function npmHome() {
  const home = process.env.HOME ?? process.env.USERPROFILE ?? '';
  const cache = process.env.npm_config_cache ?? (home && join(home, '.npm'));
  if (cache && isWritable(existsSync(cache) ? cache : dirname(cache))) return {};
  const ours = join(tmpdir(), `throughline-npm-${process.getuid?.() ?? 0}`);
  return { npm_config_cache: ours, ...(!isWritable(home) && { HOME: tmpdir() }) };
}

function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return folder !== '';
  } catch {
    return false;
  }
}

function explain(told) {
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH/.test(told)) {
    return `The dependencies are not installed, and the package registry cannot be reached. Connect to the network and try again.\n${told}`;
  }
  if (/EACCES|EPERM|EROFS/.test(told)) return `npm ci may not write here (${root}).\n${told}`;
  if (/ENOSPC/.test(told)) return `npm ci ran out of disk space.\n${told}`;
  return `npm ci failed.\n${told}`;
}
