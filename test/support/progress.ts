// How far a feed has come, for those who wait until it has come further.

export interface Progress {
  reach(count: number): void;
  until(count: number): Promise<void>;
}

export function createProgress(): Progress {
  let reached = 0;
  let waiting: { readonly count: number; readonly tell: () => void }[] = [];
  return {
    reach(count) {
      reached = count;
      for (const waiter of waiting.filter((one) => one.count <= count)) waiter.tell();
      waiting = waiting.filter((one) => one.count > count);
    },
    until: (count) => (reached >= count ? Promise.resolve() : new Promise((tell) => waiting.push({ count, tell }))),
  };
}
