// One line that grows on a terminal; elsewhere a line every few seconds. All of it on the standard error.

export interface Progress {
  show(done: number): void;
  /** Shows that all is done, and leaves it standing. */
  end(): void;
}

const terminalMs = 80;
const lineMs = 3_000;
const barLength = 24;

export function createProgress(what: string, total: number): Progress {
  const out = process.stderr;
  let shownAt = Date.now();

  function write(done: number): void {
    shownAt = Date.now();
    const percent = total === 0 ? 100 : Math.floor((done * 100) / total);
    const filled = Math.floor((percent * barLength) / 100);
    const bar = out.isTTY ? `[${'#'.repeat(filled)}${'.'.repeat(barLength - filled)}] ` : '';
    out.write(`${out.isTTY ? '\r' : ''}${what} ${bar}${done} of ${total} (${percent} %)${out.isTTY ? '' : '\n'}`);
  }

  return {
    show(done) {
      if (Date.now() - shownAt >= (out.isTTY ? terminalMs : lineMs)) write(done);
    },
    end() {
      write(total);
      if (out.isTTY) out.write('\n');
    },
  };
}
