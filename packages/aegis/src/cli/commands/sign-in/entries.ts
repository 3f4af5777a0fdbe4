import type { CommandEntry } from '../../command.ts';

const COMMON = `      --url <address>     the daemon (default: \`url\` of [oidc] as configured, then http://127.0.0.1:8080)
      --json              one JSON object on standard output
  -c, --config <file>     configuration (default: aegis.toml here or above, then ~/.config/aegis)
`;

/** Who you are to a daemon. */
export const SIGN_IN_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'login',
    summary: 'sign in at a daemon, through your browser',
    help: `usage: aegis login [--url address] [--json] [--config file]

Shows an address to open in a browser on this machine, where the daemon's provider ([oidc]) says who you
are, and waits for five minutes. The token is kept in sign-in.json of your own folder, mode 600. Exits with
4 when nobody signed in.

${COMMON}`,
    load: async () => (await import('./login.ts')).login,
  },
  {
    name: 'logout',
    summary: 'end your sign-in at a daemon',
    help: `usage: aegis logout [--url address] [--json] [--config file]

Ends the sign-in at the daemon and forgets its token. Exits with 4 when there was none.

${COMMON}`,
    load: async () => (await import('./logout.ts')).logout,
  },
  {
    name: 'whoami',
    summary: 'show who you are to a daemon, and what you may do',
    help: `usage: aegis whoami [--url address] [--json] [--config file]

Asks the daemon, with the token that \`aegis login\` keeps; one that is nearly over is renewed where the
provider allows it. Exits with 4 when you are not signed in.

${COMMON}`,
    load: async () => (await import('./whoami.ts')).whoami,
  },
];
