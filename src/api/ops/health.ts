// Liveness, readiness and figures for operators. They tell states and counts, never data.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApiDependencies } from '../dependencies.ts';
import { nameRoute } from '../observe.ts';
import { send, sendJson } from '../respond.ts';

const checkMsMax = 2_000;

async function passes(check: () => Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), checkMsMax);
  });
  try {
    return await Promise.race([check(), late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

export function createHealth({ readiness, metrics }: Pick<ApiDependencies, 'readiness' | 'metrics'>) {
  return {
    /** The process answers. */
    live(req: IncomingMessage, res: ServerResponse): void {
      nameRoute(res, 'healthz');
      sendJson(req, res, 200, { status: 'alive' });
    },
    /** Everything that the service needs answers. */
    async ready(req: IncomingMessage, res: ServerResponse): Promise<void> {
      nameRoute(res, 'readyz');
      const names = Object.keys(readiness);
      const results = await Promise.all(Object.values(readiness).map(passes));
      const checks = Object.fromEntries(names.map((name, at) => [name, results[at] === true ? 'ready' : 'not ready']));
      const isReady = results.every((result) => result);
      sendJson(req, res, isReady ? 200 : 503, { status: isReady ? 'ready' : 'not ready', checks });
    },
    async figures(req: IncomingMessage, res: ServerResponse): Promise<void> {
      nameRoute(res, 'metrics');
      const { contentType, text } = await metrics.exposition();
      send(req, res, 200, text, { 'Content-Type': contentType });
    },
  };
}
