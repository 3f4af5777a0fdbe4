import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  AegisError,
  type CaseResult,
  type Diagnostic,
  formatDiagnostics,
  type PolicyCase,
  printable,
  readCases,
  readDocument,
  untried,
} from '@aegis/core';
import { loadRules } from '../../daemon/rules.ts';
import { openCaseHost, tryCase } from '../../daemon/trial.ts';
import type { Command } from '../command.ts';
import { CONFIG_OPTION, configure } from '../configure.ts';
import { EXIT } from '../exit.ts';
import { junitReport } from '../junit.ts';

interface Tried extends CaseResult {
  readonly policyCase: PolicyCase;
}

export const policyTest: Command = {
  options: {
    ...CONFIG_OPTION,
    junit: { type: 'string' },
    json: { type: 'boolean' },
    'all-rules': { type: 'boolean' },
  },
  positionals: 1000,
  async run(args, terminal) {
    const files = args.positionals.map((file) => resolve(terminal.cwd, file));
    if (files.length === 0) {
      throw new AegisError('USAGE', 'name a file of cases', { help: 'aegis policy test --help' });
    }
    const configuration = await configure(args, terminal);
    const rules = await loadRules(configuration);
    const host = await openCaseHost(configuration, rules);
    const tried: Tried[] = [];
    // One after the other: a service that is asked is not to be flooded.
    for (const policyCase of await casesOf(files)) {
      tried.push({ policyCase, ...(await tryCase(rules, host, policyCase)) });
    }
    const failed = tried.filter(({ differences }) => differences.length > 0);
    const missed = untried(rules.policy, tried);
    const { junit, json, 'all-rules': allRules } = args.options;
    if (typeof junit === 'string') await writeFile(resolve(terminal.cwd, junit), junitReport(tried));
    terminal.stdout.write(
      json === true ? asJson(tried, missed) : asText(tried, missed, rules.policy.rules.length),
    );
    return failed.length > 0 || (allRules === true && missed.length > 0) ? EXIT.failure : EXIT.ok;
  },
};

/** Every file is read before anything is said, so that one answer has all mistakes. */
async function casesOf(files: readonly string[]): Promise<readonly PolicyCase[]> {
  const cases: PolicyCase[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new AegisError('FILE_UNREADABLE', `cannot read \`${file}\`: ${error.code ?? 'unknown error'}`);
    });
    const read = readCases(readDocument({ text, file }));
    diagnostics.push(...read.diagnostics);
    cases.push(...(read.cases ?? []));
  }
  if (diagnostics.length === 0) return cases;
  throw new AegisError('INPUT_INVALID', formatDiagnostics('the cases', diagnostics));
}

function asText(tried: readonly Tried[], missed: readonly string[], rules: number): string {
  const lines: string[] = [];
  for (const { policyCase, differences, explanation } of tried) {
    if (differences.length === 0) continue;
    const { file, line } = policyCase.at;
    lines.push(`FAIL  ${printable(policyCase.name)}  (${file}:${line})`);
    for (const { what, expected, found } of differences) {
      lines.push(`        ${what}: expected ${printable(expected)}, found ${printable(found)}`);
    }
    lines.push(`        ${explanation.decision.reasons[0].message}`);
  }
  const failed = tried.filter(({ differences }) => differences.length > 0).length;
  if (missed.length > 0) lines.push(`rules that no case has met: ${missed.map(printable).join(', ')}`);
  lines.push(
    `${tried.length - failed} passed, ${failed} failed; ${rules - missed.length} of ${rules} rules met by a case`,
  );
  return `${lines.join('\n')}\n`;
}

function asJson(tried: readonly Tried[], missed: readonly string[]): string {
  const cases = tried.map(({ policyCase: { name, at }, differences, explanation: { decision } }) => ({
    name,
    at,
    passed: differences.length === 0,
    differences,
    decision,
  }));
  return `${JSON.stringify({ cases, untried_rules: missed })}\n`;
}
