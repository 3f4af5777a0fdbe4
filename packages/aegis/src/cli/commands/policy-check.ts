import { loadRules } from '../../daemon.ts';
import type { Command } from '../command.ts';
import { CONFIG_OPTION, configure } from '../configure.ts';
import { EXIT } from '../exit.ts';

export const policyCheck: Command = {
  options: CONFIG_OPTION,
  positionals: 0,
  help: `usage: aegis policy check [--config file]

Reads the configuration, every policy file and every manifest, and reports every mistake in its place.
Exits with 0 when there is none and with 5 when there is any.

  -c, --config <file>   configuration (default: aegis.toml here or above)
`,
  async run(args, terminal) {
    const { policy, manifests } = await loadRules(await configure(args, terminal));
    terminal.stdout.write(
      `${policy.rules.length} rules, ${manifests.size} manifests, digest ${policy.digest}\n`,
    );
    return EXIT.ok;
  },
};
