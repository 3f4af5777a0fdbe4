import { loadRules } from '../../daemon/rules.ts';
import type { Command } from '../command.ts';
import { CONFIG_OPTION, configure } from '../configure.ts';
import { EXIT } from '../exit.ts';

export const policyCheck: Command = {
  options: CONFIG_OPTION,
  positionals: 0,
  async run(args, terminal) {
    const { policy, manifests } = await loadRules(await configure(args, terminal));
    const also = policy.modules.map(({ rule }) => `, ${rule}`).join('');
    terminal.stdout.write(
      `${policy.rules.length} rules${also}, ${manifests.size} manifests, digest ${policy.digest}\n`,
    );
    return EXIT.ok;
  },
};
