import type { CommandEntry } from '../../command.ts';

/** The vault, and what is in it. */
export const SECRET_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'secret add',
    summary: 'put a credential into the vault',
    help: `usage: aegis secret add <name> [--description text] [--service name] [--from-file file] [--json]
                        [--config file]

Encrypts a credential into the vault, which is made with the first one. The value is typed twice and not
shown, or is what stands on standard input, or in a file; it is never an argument. The configuration then
names it: token = { secret = "NAME" }.

      --description <text>   what it is; kept with it, and not encrypted
      --service <name>       what it is for, as \`aegis list-services\` counts it
      --from-file <file>     the file whose text is the value; one line break at its end is cut off
      --json                 one JSON object: {"change", "secret", "version"}
  -c, --config <file>        configuration (default: aegis.toml here or above, then ~/.config/aegis)
`,
    load: async () => (await import('./add.ts')).secretAdd,
  },
  {
    name: 'secret import-env',
    summary: 'put variables of the environment, or of a .env file, into the vault',
    help: `usage: aegis secret import-env <variable>... [--file file] [--service name] [--json] [--config file]

Encrypts the values of variables into the vault, under their names. One that the vault has already gets the
new value. The variables, and the file, stay as they are: take them away when nothing needs them any more.

      --file <file>         take them from this file (NAME=value, one a line) and not from the environment
      --service <name>      what they are for
      --json                one JSON object a line: {"change", "secret", "version"}
  -c, --config <file>       configuration (default: aegis.toml here or above, then ~/.config/aegis)
`,
    load: async () => (await import('./import-env.ts')).secretImportEnv,
  },
  {
    name: 'secret list',
    summary: 'list what is in the vault; no value is shown',
    help: `usage: aegis secret list [--json] [--config file]

Lists the secrets of the vault by name, and where the configuration names them. No key is needed, and no
value is read.

      --json              one JSON object a line
  -c, --config <file>     configuration (default: aegis.toml here or above, then ~/.config/aegis)
`,
    load: async () => (await import('./list.ts')).secretList,
  },
  {
    name: 'secret remove',
    summary: 'take a credential out of the vault',
    help: `usage: aegis secret remove <name> [--yes] [--json] [--config file]

Takes a credential out of the vault. A running gateway ends the servers that were given it, and does not
start them again without it.

  -y, --yes               do not ask
      --json              one JSON object
  -c, --config <file>     configuration (default: aegis.toml here or above, then ~/.config/aegis)
`,
    load: async () => (await import('./remove.ts')).secretRemove,
  },
  {
    name: 'secret rotate',
    summary: 'give a credential of the vault a new value',
    help: `usage: aegis secret rotate <name> [--from-file file] [--json] [--config file]

Puts a new value in place of the one in the vault, with the next version. A running gateway begins the
servers anew that are given it; calls under way end with the old one.

      --from-file <file>   the file whose text is the value
      --json               one JSON object: {"change", "secret", "version"}
  -c, --config <file>      configuration (default: aegis.toml here or above, then ~/.config/aegis)
`,
    load: async () => (await import('./rotate.ts')).secretRotate,
  },
  {
    name: 'secret rotate-key',
    summary: 'encrypt the whole vault anew, also under another key',
    help: `usage: aegis secret rotate-key [--new-passphrase] [--json] [--config file]

Makes a new data key, encrypts every secret with it, and seals it with what [vault] names as \`key\`. To
change that, name the new one as \`key\` and the one until now as \`old_key\`, run this, and take \`old_key\`
out. Whenever it is interrupted, the vault is the old one or the new one as a whole.

      --new-passphrase     ask for the passphrase until now, then twice for a new one
      --json               one JSON object: {"change", "generation"}
  -c, --config <file>      configuration (default: aegis.toml here or above, then ~/.config/aegis)
`,
    load: async () => (await import('./rotate-key.ts')).secretRotateKey,
  },
  {
    name: 'secret show-metadata',
    summary: 'show what is known of a credential of the vault, beside its value',
    help: `usage: aegis secret show-metadata <name> [--json] [--config file]

Shows the version, the dates, the description and the service of a secret, and where the configuration
names it. No key is needed, and the value is not read.

      --json              one JSON object
  -c, --config <file>     configuration (default: aegis.toml here or above, then ~/.config/aegis)
`,
    load: async () => (await import('./show-metadata.ts')).secretShowMetadata,
  },
];
