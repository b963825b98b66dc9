// Changes to maps and sets that can be taken back: what one message did, when it cannot be finished.

export interface Scratch {
  put<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void;
  drop<Key, Value>(map: Map<Key, Value>, key: Key): void;
  add<Key>(set: Set<Key>, key: Key): void;
  /** Rises with every change: what was found out under one revision holds for as long as it stands. */
  readonly revision: () => number;
  /** Everything since the mark is taken back by what it returns. A new mark forgets the one before. */
  readonly mark: () => () => void;
}

export function createScratch(): Scratch {
  let undo: (() => void)[] = [];
  let revision = 0;
  const restore = <Key, Value>(map: Map<Key, Value>, key: Key): void => {
    revision += 1;
    const had = map.has(key);
    const before = map.get(key);
    undo.push(() => (had ? map.set(key, before as Value) : map.delete(key)));
  };
  return {
    put(map, key, value) {
      restore(map, key);
      map.set(key, value);
    },
    drop(map, key) {
      restore(map, key);
      map.delete(key);
    },
    add(set, key) {
      if (set.has(key)) return;
      revision += 1;
      undo.push(() => set.delete(key));
      set.add(key);
    },
    revision: () => revision,
    mark() {
      undo = [];
      return () => {
        for (const step of undo.reverse()) step();
        revision += 1;
        undo = [];
      };
    },
  };
}
