// `npm run check`: every step in order, timed; it stops at the first fault.

import { fileURLToPath } from 'node:url';
import { Finding, steps } from './check/steps.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

for (const step of steps) {
  const started = performance.now();
  const seconds = (): string => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  try {
    const report = await step.run(root);
    console.log(`✓ ${step.name} (${seconds()})${report && `: ${report}`}`);
  } catch (error) {
    console.error(`\n✗ ${step.name} (${seconds()})\n`);
    console.error(error instanceof Finding ? error.message : error);
    console.error(`\ncheck stopped at: ${step.name}`);
    process.exit(1);
  }
}
