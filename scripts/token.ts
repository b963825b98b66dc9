// `npm run -s token -- --scope "system/*.rs"`: prints a bearer token of the local client, and nothing else, on the
// standard output. With `--app` it prints a link that opens the overview page once.

import { parseArgs } from 'node:util';
import { asFault } from '../src/base/fault.ts';
import { readConfig } from '../src/config.ts';
import { fetchAppLink, fetchLocalToken } from './local-token.ts';

const usage = `npm run -s token -- [--scope SCOPES]
npm run -s token -- --app

Prints a bearer token from the running service, for the local client.
  --scope   what it may do, "system/*.rs" by default: read and search everything
  --app     instead: a link that opens the overview page, once
The service is found by the settings PUBLIC_URL or HOST and HTTP_PORT, the key in DATA_DIR.`;

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { scope: { type: 'string' }, app: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const config = readConfig();
  if (values.app) {
    console.log(await fetchAppLink(config));
    return 0;
  }
  const scope = values.scope ?? 'system/*.rs';
  const granted = await fetchLocalToken(config, scope);
  console.log(granted.token);
  const missing = scope.split(/\s+/).filter((one) => one !== '' && !granted.scope.split(' ').includes(one));
  if (missing.length > 0) console.error(`granted: ${granted.scope} (asked for: ${scope})`);
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (thrown) {
  const { code, detail } = asFault(thrown);
  console.error(
    code === 'config.invalid' ? `the settings hold errors\n${detail ?? ''}` : String((thrown as Error).message),
  );
  process.exitCode = 1;
}
