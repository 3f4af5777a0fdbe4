import type { Arguments, Terminal } from '../../command.ts';
import { configure, CONFIG_OPTION } from '../../configure.ts';

export const SIGN_IN_OPTIONS = {
  ...CONFIG_OPTION,
  url: { type: 'string' },
  json: { type: 'boolean' },
} as const;

const DEFAULT_URL = 'http://127.0.0.1:8080';

/** Which daemon is meant. */
export async function daemonUrl(args: Arguments, terminal: Terminal): Promise<string> {
  const { url, config } = args.options;
  if (typeof url === 'string') return url;
  const found = configure(args, terminal);
  if (typeof config === 'string') return (await found).oidc?.url ?? DEFAULT_URL;
  // Who signs in at a daemon elsewhere needs no configuration here.
  return found.then(({ oidc }) => oidc?.url ?? DEFAULT_URL).catch(() => DEFAULT_URL);
}
