// `npm run feed -- COMMAND …`: what an interface team does with a feed: try it, see every message's fate, mend and replay.

import { type FeedCommand, feedCommands } from './feed/commands.ts';
import { tokenUsage } from './service-token.ts';

function usage(): string {
  const width = Math.max(...feedCommands.map(({ name }) => name.length));
  const lines = feedCommands.map(({ name, describes }) => `  ${name.padEnd(width)}  ${describes}`);
  return `npm run feed -- COMMAND [arguments]\n\n${lines.join('\n')}\n\nnpm run feed -- COMMAND --help tells more. ${tokenUsage}`;
}

async function main([name, ...args]: readonly string[]): Promise<number> {
  const command: FeedCommand | undefined = feedCommands.find((one) => one.name === name);
  if (command !== undefined) return command.run(args);
  const asksHelp = name === '--help' || name === '-h';
  (asksHelp ? console.log : console.error)(
    name === undefined || asksHelp ? usage() : `There is no command "${name}".\n\n${usage()}`,
  );
  return asksHelp ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
