// Waiting that can be cut short: a worker sleeps until somebody says there is work, or for a while.

export interface Wake {
  /** Says that there is work. Remembered when nobody waits just now. */
  wake(): void;
  /** Resolves when woken, or after the time. */
  wait(ms: number): Promise<void>;
}

export function createWake(): Wake {
  let called = false;
  const sleepers = new Set<() => void>();
  return {
    wake() {
      called = true;
      for (const rouse of [...sleepers]) rouse();
    },
    wait(ms) {
      if (called) {
        called = false;
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        const rouse = () => {
          called = false;
          clearTimeout(timer);
          sleepers.delete(rouse);
          resolve();
        };
        const timer = setTimeout(rouse, ms);
        sleepers.add(rouse);
      });
    },
  };
}
