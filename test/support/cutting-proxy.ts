// A TCP proxy that misbehaves on demand: cuts a connection right after a certain request was answered and before the
// answer is passed on, refuses everyone, or swallows whatever it is given (a network that drops packets).

import net from 'node:net';

export type Mood = 'pass' | 'refuse' | 'swallow';

export interface CuttingProxy {
  readonly port: number;
  /** Where nothing else is known of the target, its address with the proxy's port. */
  through(url: string): string;
  /** `refuse` also ends what is connected. */
  setMood(mood: Mood): void;
  /** The next connection to send `marker` is cut when the answer comes. Resolves when it was. */
  cutAfter(marker: string): Promise<void>;
  /** The next connection to send `marker` is cut instead, so that the target never sees it. */
  cutBefore(marker: string): Promise<void>;
  stop(): Promise<void>;
}

interface Order {
  readonly marker: string;
  readonly when: 'before' | 'after';
  readonly done: () => void;
}

export async function startCuttingProxy(targetUrl: string): Promise<CuttingProxy> {
  const target = new URL(targetUrl);
  const sockets = new Set<net.Socket>();
  let mood: Mood = 'pass';
  let order: Order | undefined;

  function serve(client: net.Socket): void {
    if (mood === 'refuse') return void client.destroy();
    const server = net.connect(Number(target.port), target.hostname);
    let cutting: Order | undefined;
    const cut = (by: Order): void => {
      client.destroy();
      server.destroy();
      by.done();
    };
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        // In a network that drops packets, nobody hears that the other has gone.
        if (mood !== 'swallow') for (const both of [client, server]) both.destroy();
      });
    }
    client.on('data', (chunk) => {
      if (mood === 'swallow') return;
      if (order && chunk.includes(order.marker)) {
        cutting = order;
        order = undefined;
        if (cutting.when === 'before') return cut(cutting);
      }
      server.write(chunk);
    });
    server.on('data', (chunk) => {
      if (mood === 'swallow') return;
      if (cutting) cut(cutting);
      else client.write(chunk);
    });
  }

  const listener = net.createServer(serve);
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as net.AddressInfo;
  const give = (marker: string, when: Order['when']): Promise<void> =>
    new Promise((done) => {
      order = { marker, when, done };
    });
  return {
    port,
    through(url) {
      const address = new URL(url);
      address.port = String(port);
      return address.href;
    },
    setMood(next) {
      mood = next;
      if (next === 'refuse') for (const socket of sockets) socket.destroy();
    },
    cutAfter: (marker) => give(marker, 'after'),
    cutBefore: (marker) => give(marker, 'before'),
    async stop() {
      const closed = new Promise((resolve) => listener.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
