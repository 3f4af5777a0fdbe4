import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import {
  AegisError,
  type DecisionRequest,
  formatDiagnostics,
  readDecisionRequest,
  readDocument,
} from '@aegis/core';
import { loadRules } from '../../daemon/rules.ts';
import { explainRequest } from '../../daemon/trial.ts';
import type { Arguments, Command, Terminal } from '../command.ts';
import { CONFIG_OPTION, configure } from '../configure.ts';
import { requiredText } from '../ledger/given.ts';
import { exitOfDecision } from './policy-explain.ts';

export const decide: Command = {
  options: { ...CONFIG_OPTION, file: { type: 'string', short: 'f' } },
  positionals: 0,
  async run(args, terminal) {
    const request = await requestOf(args, terminal);
    const configuration = await configure(args, terminal);
    const rules = await loadRules(configuration);
    const { facts, explanation } = await explainRequest(configuration, rules, terminal.environment, request);
    const { decision } = explanation;
    const { effect, mode, rule, reasons, obligations, policyDigest } = decision;
    const context = {
      effect,
      mode,
      ...(rule === undefined ? {} : { rule }),
      reasons,
      obligations: {
        mask: obligations.mask,
        timeout_ms: obligations.timeoutMs,
        max_output_bytes: obligations.maxOutputBytes,
      },
      capabilities: facts.capabilities,
      findings: facts.findings.map(({ id, at }) => ({ id, at })),
      policy_digest: policyDigest,
    };
    // The answer of an AuthZEN evaluation: `decision` alone says whether the call goes on.
    const goesOn = effect === 'allow' || mode === 'shadow';
    terminal.stdout.write(`${JSON.stringify({ decision: goesOn, context })}\n`);
    return exitOfDecision(decision);
  },
};

async function requestOf(args: Arguments, { cwd, stdin }: Terminal): Promise<DecisionRequest> {
  const name = requiredText(args, 'file', 'name the file of a request', 'aegis decide');
  const file = name === '-' ? 'request.json' : resolve(cwd, name);
  const text = await (name === '-' ? readAll(stdin) : readFile(file, 'utf8')).catch(
    (error: NodeJS.ErrnoException) => {
      throw new AegisError('FILE_UNREADABLE', `cannot read \`${file}\`: ${error.code ?? 'unknown error'}`);
    },
  );
  const { request, diagnostics } = readDecisionRequest(readDocument({ text, file }));
  if (request !== undefined) return request;
  throw new AegisError('INPUT_INVALID', formatDiagnostics('the request', diagnostics));
}
