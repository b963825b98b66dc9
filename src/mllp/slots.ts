// Who may be connected. When there is no room, a newcomer takes the place of the oldest connection that has never
// brought a message, so that a horde of idle sockets cannot shut out a sender; if all have, the newcomer is refused.

export interface Slot {
  readonly address: string;
  hasBroughtMessage: boolean;
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
    for (const slot of taken) {
      if (slot.hasBroughtMessage || !isCandidate(slot)) continue;
      free(slot);
      slot.evict();
      return true;
    }
    return false;
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
