import { fileURLToPath } from 'node:url';
import { printable, readDecisionRequest, readDocument } from '@aegis/core';
import { loadConfiguration } from '../../../config/load.ts';
import { loadRules } from '../../../daemon/rules.ts';
import { explainRequest } from '../../../daemon/trial.ts';
import { JSON_OPTION } from '../../answer.ts';
import type { Command } from '../../command.ts';
import { loaded } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { SCENARIOS } from './scenarios.ts';

const CONFIGURATION = fileURLToPath(new URL('../../../../templates/demo/aegis.toml', import.meta.url));

export const demo: Command = {
  options: JSON_OPTION,
  positionals: 0,
  async run(args, terminal) {
    const json = args.options['json'] === true;
    const configuration = loaded(await loadConfiguration(CONFIGURATION));
    const rules = await loadRules(configuration);
    let wrong = 0;
    for (const [index, { name, server, tool, args: given, harmless }] of SCENARIOS.entries()) {
      const text = JSON.stringify({ call: { server, tool, args: given } });
      const { request } = readDecisionRequest(readDocument({ text, file: 'scenario.json' }));
      if (request === undefined) throw new Error(`the scenario ${name} is no request`);
      const { facts, explanation } = await explainRequest(
        configuration,
        rules,
        terminal.environment,
        request,
      );
      const { effect, reasons } = explanation.decision;
      const [{ code, message }] = reasons;
      const passes = effect === 'allow';
      if (passes !== harmless) wrong++;
      const shown = {
        scenario: name,
        call: `${server}/${tool} ${JSON.stringify(given)}`,
        verdict: passes ? 'allowed' : 'blocked',
        score: facts.score?.value ?? 0,
        code,
        message,
      };
      const { verdict, score } = shown;
      const lines = [
        `${index + 1}  ${name.padEnd(20)} ${verdict}  threat score ${String(score).padStart(3)} of 100`,
        `   ${shown.call}`,
        `   ${code}: ${message}`,
      ];
      terminal.stdout.write(json ? `${JSON.stringify(shown)}\n` : `${lines.map(printable).join('\n')}\n\n`);
    }
    if (!json)
      terminal.stdout.write(`${SCENARIOS.length - wrong} of ${SCENARIOS.length} as they should be\n`);
    return wrong === 0 ? EXIT.ok : EXIT.failure;
  },
};
