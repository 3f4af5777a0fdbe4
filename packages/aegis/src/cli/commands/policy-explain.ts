import {
  AegisError,
  type Decision,
  type Explanation,
  type LayerLine,
  NEW_SESSION,
  parseInstant,
  printable,
  type Remedy,
  type RuleLine,
} from '@aegis/core';
import { explainRequest, readArguments } from '../../daemon/trial.ts';
import { loadRules } from '../../daemon/rules.ts';
import type { Command } from '../command.ts';
import { CONFIG_OPTION, configure } from '../configure.ts';
import { EXIT } from '../exit.ts';
import { ruleLines } from '../rule-lines.ts';

export const policyExplain: Command = {
  options: { ...CONFIG_OPTION, agent: { type: 'string' }, at: { type: 'string' }, json: { type: 'boolean' } },
  positionals: 3,
  async run(args, terminal) {
    const [server, tool, text = '{}'] = args.positionals;
    if (server === undefined || tool === undefined) {
      throw new AegisError('USAGE', 'name a server and a tool', { help: 'aegis policy explain --help' });
    }
    const configuration = await configure(args, terminal);
    const rules = await loadRules(configuration);
    const { agent, at } = args.options;
    const { facts, explanation, remedy } = await explainRequest(configuration, rules, terminal.environment, {
      call: {
        server,
        kind: 'tool',
        name: tool,
        method: 'tools/call',
        agent: typeof agent === 'string' ? agent : undefined,
        tenant: undefined,
        args: readArguments(text),
      },
      session: NEW_SESSION,
      atMs: typeof at === 'string' ? readInstant(at) : Date.now(),
    });
    const found = {
      capabilities: facts.capabilities.join(', ') || 'none',
      paths: facts.paths.map(({ real }) => real).join(', '),
      hosts: facts.urls.map(({ host }) => host).join(', '),
      findings: facts.findings.map(({ id, at }) => `${id} at ${at}`).join(', '),
      score: facts.score === undefined ? '' : `${facts.score.value} (${facts.score.band})`,
    };
    if (args.options['json'] === true) {
      terminal.stdout.write(`${JSON.stringify({ facts, ...explanation, remedy })}\n`);
    } else {
      terminal.stdout.write(describe(found, explanation, remedy));
    }
    return exitOfDecision(explanation.decision);
  },
};

/** Unix milliseconds of a time with its offset. */
function readInstant(text: string): number {
  const ms = parseInstant(text);
  if (ms !== undefined) return ms;
  throw new AegisError('USAGE', `\`${text}\` is not a time`, {
    help: 'write it like 2026-11-24T03:00:00+01:00',
  });
}

export function exitOfDecision({ effect, mode }: Decision): number {
  if (effect === 'allow' || mode === 'shadow') return EXIT.ok;
  return effect === 'deny' ? EXIT.denied : EXIT.pending;
}

function describe(
  found: Readonly<Record<string, string>>,
  explanation: Explanation,
  remedy: Remedy | undefined,
): string {
  const { decision, phases, invariants, rules, layers } = explanation;
  const [reason] = decision.reasons;
  const shadow = decision.mode === 'shadow' ? ' (in shadow: it would go on)' : '';
  const sections = [
    [`${decision.effect.toUpperCase()}${shadow}  ${reason.code}  ${reason.message}`],
    reason.remedy === undefined ? [] : [`remedy: ${reason.remedy}`],
    ['', 'what it is'],
    table(Object.entries(found).filter(([, value]) => value !== '')),
    ['', 'phases'],
    table(phases.map(({ phase, outcome, why }) => [phase, outcome.replace('_', ' '), why])),
    layers === undefined ? [] : ['', 'layers', ...table(layers.map(layerRow))],
    invariants.length === 0 ? [] : ['', 'invariants', ...table(invariants.map(ruleRow))],
    rules.length === 0 ? [] : ['', 'rules, in order', ...table(rules.map(ruleRow))],
    remedy === undefined ? [] : ['', ...remedyLines(remedy)],
  ];
  return `${sections.flat().join('\n')}\n`;
}

function remedyLines(remedy: Remedy): readonly string[] {
  if (remedy.kind === 'beyond') return ['no rule would let it pass'];
  const place = remedy.before === undefined ? '' : printable(`, before the rule ${remedy.before}`);
  return [
    `the smallest rule that would let it pass${place}:`,
    ...ruleLines(remedy.rule).map((line) => `  ${line}`),
  ];
}

function layerRow({ layer = '(the policy)', mode, says, rule = '' }: LayerLine): string[] {
  const what = says === 'require_approval' ? 'asks a person' : says === 'nothing' ? 'says nothing' : says;
  return [layer, mode === 'shadow' ? `${what} (in shadow)` : what, rule];
}

function ruleRow({ rule, at, outcome, why }: RuleLine): string[] {
  return [rule, `line ${at.line}`, outcome.replace('_', ' '), why];
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
}
