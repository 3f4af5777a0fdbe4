import { relative } from 'node:path';
import { printable } from '@aegis/core';
import { loadRules } from '../../daemon/rules.ts';
import { tomlValue } from '../../config/edit-toml-value.ts';
import type { Command } from '../command.ts';
import { CONFIG_OPTION, configure } from '../configure.ts';
import { EXIT } from '../exit.ts';
import { writtenRule } from '../written-rule.ts';

export const policyShow: Command = {
  options: { ...CONFIG_OPTION, json: { type: 'boolean' } },
  positionals: 0,
  async run(args, terminal) {
    const configuration = await configure(args, terminal);
    const { policy } = await loadRules(configuration);
    const shown = policy.rules.map((rule) => {
      const { file, line, column } = rule.at;
      return { at: { file: relative(configuration.directory, file), line, column }, rule: writtenRule(rule) };
    });
    if (args.options['json'] === true) {
      terminal.stdout.write(`${JSON.stringify({ digest: policy.digest, rules: shown })}\n`);
      return EXIT.ok;
    }
    const tables = shown.map(({ at, rule }) => {
      const lines = Object.entries(rule).map(([key, value]) => `${key} = ${escaped(tomlValue(value))}`);
      return [`# ${printable(at.file)}:${at.line}`, '[[policies]]', ...lines].join('\n');
    });
    terminal.stdout.write(tables.length === 0 ? '' : `${tables.join('\n\n')}\n`);
    return EXIT.ok;
  },
};

/** TOML in which nothing moves a cursor or turns the reading direction: such characters are escaped, not lost. */
function escaped(toml: string): string {
  return toml.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    const hex = (character.codePointAt(0) ?? 0).toString(16);
    return hex.length > 4 ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
  });
}
