// Whether the ports of the settings are free, before anything is started: a newcomer should read which one is taken and
// what to do, not an error code.

import net from 'node:net';
import type { Config } from '../../src/config.ts';

export async function requireFreePorts(config: Pick<Config, 'host' | 'httpPort' | 'mllpPort'>): Promise<void> {
  const taken: string[] = [];
  const advice: string[] = [];
  const wanted = [
    ['HTTP_PORT', config.httpPort],
    ['MLLP_PORT', config.mllpPort],
  ] as const;
  for (const [setting, port] of wanted) {
    const problem = await problemOf(config.host, port);
    if (problem === undefined) continue;
    taken.push(`  ${setting} ${port} on ${config.host}: ${problem}`);
    advice.push(`${setting}=${port + 1000 > 65_535 ? port - 1000 : port + 1000}`);
  }
  if (taken.length === 0) return;
  throw new Error(
    `the demo cannot listen:\n${taken.join('\n')}\nIs it running already? If not, choose other ports: ${advice.join(' ')} npm run demo`,
  );
}

function problemOf(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', ({ code }: NodeJS.ErrnoException) => {
      if (code === 'EADDRINUSE') resolve('taken by another program');
      else if (code === 'EACCES') resolve('only root may listen there');
      else if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') resolve('this machine has no such address (HOST)');
      else resolve(`not usable (${code})`);
    });
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
