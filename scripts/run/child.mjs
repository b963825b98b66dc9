// The command itself, as a child: signals go to it, its exit code comes back, and it does not outlive npm.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { root } from './project.mjs';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

export function runNode(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
    const passOn = (signal) => {
      // Ctrl-C in a terminal reaches the child by itself; a second one would tell it to hurry.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    };
    for (const signal of signals) process.on(signal, passOn);
    const stopWatching = watchNpm(() => child.kill('SIGTERM'));
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const name of signals) process.off(name, passOn);
      stopWatching();
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

/** npm starts us through a shell. A signal to npm ends npm and that shell, and never reaches us. */
function watchNpm(whenGone) {
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return () => {};
  const above = () => `${process.ppid} ${parentOf(process.ppid)}`;
  const atFirst = above();
  const timer = setInterval(() => {
    if (above() === atFirst) return;
    clearInterval(timer);
    whenGone();
  }, 250);
  return () => clearInterval(timer);
}

function parentOf(pid) {
  try {
    return /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
