import { AegisError, formatDiagnostics, sortDiagnostics } from '@aegis/core';
import { type LoadedConfiguration, loadConfiguration } from '../../config/load.ts';
import { loadRules, mistakesInRules } from '../../daemon/rules.ts';
import { answering, JSON_OPTION } from '../answer.ts';
import type { Arguments, Command, Terminal } from '../command.ts';
import { CONFIG_OPTION, configurationFile } from '../configure.ts';
import { EXIT } from '../exit.ts';

export const policyCheck: Command = {
  options: { ...CONFIG_OPTION, ...JSON_OPTION },
  positionals: 0,
  async run(args, terminal) {
    const read = await loadConfiguration(configurationFile(args, terminal));
    const { policy, manifests } = await loadRules(read.configuration ?? (await refuse(read, args, terminal)));
    const also = policy.modules.map(({ rule }) => `, ${rule}`).join('');
    const answer = answering(args, terminal);
    answer.give({
      rules: policy.rules.length,
      modules: policy.modules.map(({ rule }) => rule),
      manifests: manifests.size,
      digest: policy.digest,
    });
    if (answer.json) return EXIT.ok;
    terminal.stdout.write(
      `${policy.rules.length} rules${also}, ${manifests.size} manifests, digest ${policy.digest}\n`,
    );
    return EXIT.ok;
  },
};

/** With every mistake in the configuration and in the rules that it names. */
async function refuse(
  { diagnostics }: LoadedConfiguration,
  args: Arguments,
  terminal: Terminal,
): Promise<never> {
  const more = await mistakesInRules(configurationFile(args, terminal));
  const all = sortDiagnostics([...diagnostics, ...more]);
  throw new AegisError('CONFIG_INVALID', formatDiagnostics('the configuration', all));
}
