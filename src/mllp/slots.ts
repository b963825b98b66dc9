// Who may be connected. When there is no room, a newcomer takes the place of the oldest connection that has never
// brought a message, or else of the oldest that is stuck within one, so that a horde of idle or slow sockets cannot shut
// out a sender; if there is none, the newcomer is refused.

export interface Slot {
  readonly address: string;
  hasBroughtMessage: boolean;
  /** Whether it has owed the end of a frame for longer than a sender would take. */
  isStuck: () => boolean;
  /** Called when the place is given to another. */
  readonly evict: () => void;
}

export interface SlotLimits {
  readonly connectionsMax: number;
  readonly connectionsPerAddressMax: number;
}

export interface Slots {
  /** False: refuse it. */
  take(slot: Slot): boolean;
  free(slot: Slot): void;
  readonly count: number;
}

export function createSlots({ connectionsMax, connectionsPerAddressMax }: SlotLimits): Slots {
  const taken = new Set<Slot>(); // in the order they came
  const perAddress = new Map<string, number>();

  function free(slot: Slot): void {
    if (!taken.delete(slot)) return;
    const left = (perAddress.get(slot.address) ?? 1) - 1;
    if (left === 0) perAddress.delete(slot.address);
    else perAddress.set(slot.address, left);
  }

  function evictOldest(isCandidate: (slot: Slot) => boolean): boolean {
    const candidates = [...taken].filter(isCandidate);
    const slot = candidates.find((one) => !one.hasBroughtMessage) ?? candidates.find((one) => one.isStuck());
    if (slot === undefined) return false;
    free(slot);
    slot.evict();
    return true;
  }

  return {
    take(slot) {
      const ofAddress = perAddress.get(slot.address) ?? 0;
      if (ofAddress >= connectionsPerAddressMax && !evictOldest(({ address }) => address === slot.address))
        return false;
      if (taken.size >= connectionsMax && !evictOldest(() => true)) return false;
      taken.add(slot);
      perAddress.set(slot.address, (perAddress.get(slot.address) ?? 0) + 1);
      return true;
    },
    free,
    get count() {
      return taken.size;
    },
  };
}
