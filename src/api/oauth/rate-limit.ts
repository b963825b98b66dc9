// A fixed window per network address: enough that guessing and floods cost the sender, not us.

export type Allow = (address: string) => boolean;

const addressesMax = 10_000;

/** An IPv6 sender has at least a /64 to itself, so its first four groups count as one address. */
const groupOf = (address: string): string =>
  address.includes('.') ? address : address.split(':').slice(0, 4).join(':');

export function createRateLimit(perWindow: number, windowMs: number, now: () => number): Allow {
  let counts = new Map<string, number>();
  let window = 0;
  return (address) => {
    const current = Math.floor(now() / windowMs);
    if (current !== window || counts.size > addressesMax) {
      window = current;
      counts = new Map();
    }
    const group = groupOf(address);
    const count = (counts.get(group) ?? 0) + 1;
    counts.set(group, count);
    return count <= perWindow;
  };
}
