// `npm run -s token -- --scope "system/*.rs"`: prints a bearer token, of the local client or of one with a key of its own,
// and nothing else, on the standard output. With `--app` it prints a link that opens the overview page once.

import { parseArgs } from 'node:util';
import { asFault } from '../src/base/fault.ts';
import { readConfig } from '../src/config.ts';
import { makeClientKey } from './client-key.ts';
import { fetchAppLink, fetchLocalToken, fetchOwnToken } from './local-token.ts';

const usage = `npm run -s token -- [--scope SCOPES] [--client ID --key FILE]
npm run -s token -- --app [--client ID --key FILE]
npm run -s token -- --make-key FILE

Prints a bearer token from the running service, for the local client or the one that is named.
  --scope     what it may do, "system/*.rs" by default: read and search everything
  --app       instead: a link that opens the overview page, once
  --client    the client-id of a partner file, with --key: the file of its private key
  --make-key  instead: makes a private key in a new file, and prints the public one for the partner file
The service is found by the settings PUBLIC_URL or HOST and HTTP_PORT, the local client's key in DATA_DIR.`;

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scope: { type: 'string' },
      app: { type: 'boolean' },
      client: { type: 'string' },
      key: { type: 'string' },
      'make-key': { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (values['make-key'] !== undefined) {
    console.log(await makeClientKey(values['make-key']));
    return 0;
  }
  const { client: clientId, key: keyFile } = values;
  if ((clientId === undefined) !== (keyFile === undefined)) throw new Error('give --client and --key together');
  const config = readConfig();
  const scope = values.app ? 'system/*.rs' : (values.scope ?? 'system/*.rs');
  const granted =
    clientId === undefined || keyFile === undefined
      ? await fetchLocalToken(config, scope)
      : await fetchOwnToken(config, scope, { clientId, keyFile });
  if (values.app) {
    console.log(await fetchAppLink(config, granted.token));
    return 0;
  }
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
