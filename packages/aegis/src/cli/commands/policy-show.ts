import { relative } from 'node:path';
import { type CompiledPolicy, printable } from '@aegis/core';
import { loadRules } from '../../daemon/rules.ts';
import { tomlValue } from '../../config/edit-toml-value.ts';
import type { Command } from '../command.ts';
import { CONFIG_OPTION, configure } from '../configure.ts';
import { EXIT } from '../exit.ts';
import { printableToml } from '../printable-toml.ts';
import { writtenRule } from '../written-rule.ts';
import { writtenSettings } from '../written-settings.ts';

export const policyShow: Command = {
  options: { ...CONFIG_OPTION, json: { type: 'boolean' } },
  positionals: 0,
  async run(args, terminal) {
    const configuration = await configure(args, terminal);
    const { policy } = await loadRules(configuration);
    const layered = [{ rules: policy.compiled.map(({ rule }) => rule) }, ...policy.layers.map(rulesOfLayer)];
    const shown = layered.flatMap(({ rules, layer }: { rules: CompiledPolicy['rules']; layer?: string }) =>
      rules.map((rule) => {
        const { file, line, column } = rule.at;
        const at = { file: relative(configuration.directory, file), line, column };
        return { at, rule: writtenRule(rule), ...(layer === undefined ? {} : { layer }) };
      }),
    );
    const settings = policy.asked.map((asked) => ({
      at: { ...asked.at, file: relative(configuration.directory, asked.at.file) },
      settings: writtenSettings(asked),
    }));
    const modules = policy.modules.map(({ rule, digest }) => ({ rule, digest }));
    if (args.options['json'] === true) {
      terminal.stdout.write(
        `${JSON.stringify({ digest: policy.digest, rules: shown, settings, modules })}\n`,
      );
      return EXIT.ok;
    }
    const tables = shown.map(({ at, rule, layer }) => {
      const lines = Object.entries(rule).map(([key, value]) => `${key} = ${printableToml(tomlValue(value))}`);
      const table = ['[[policies]]', ...lines];
      // A layer is a policy of its own: what is printed stays one.
      const written = layer === undefined ? table : table.map((line) => `# ${line}`);
      return [`# ${printable(at.file)}:${at.line}`, ...written].join('\n');
    });
    const asked = modules.map(({ rule }) => `# then asked: ${printable(rule)}`);
    // Settings stand in the configuration, and what is printed stays a file of rules.
    const beside = settings.map(({ at, settings: wanted }) =>
      [
        `# ${printable(at.file)}:${at.line}, in the configuration:`,
        ...Object.entries(wanted).map(([key, value]) => `#   ${key} = ${printableToml(tomlValue(value))}`),
      ].join('\n'),
    );
    const parts = [...tables, ...beside, ...(asked.length === 0 ? [] : [asked.join('\n')])];
    terminal.stdout.write(parts.length === 0 ? '' : `${parts.join('\n\n')}\n`);
    return EXIT.ok;
  },
};

function rulesOfLayer({ name: layer, policy: { rules } }: CompiledPolicy['layers'][number]) {
  return { layer, rules };
}
