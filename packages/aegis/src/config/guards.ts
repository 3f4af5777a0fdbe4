import {
  type BandAnswers,
  CALL_ANSWERS,
  type CallAnswer,
  compilePersonalPattern,
  GUARDED_BANDS,
  GUARDED_KINDS,
  type GuardSettings,
} from '@aegis/core';
import type { ConfiguredClassifier } from './configured/policy.ts';
import { isLoopback } from './loopback.ts';
import type { Report } from './routes.ts';
import type { GuardsEntry } from './schema.ts';

/** Reads what content leads to by itself. */
export function readGuards(
  { requests, results, secrets, pii, patterns }: GuardsEntry,
  report: Report,
): GuardSettings {
  const calls = requests === 'record' ? {} : requests;
  if (calls !== undefined) refuseMilder(calls, report);
  if (patterns !== undefined) refuseUnfit(patterns, report);
  return {
    ...(calls === undefined ? {} : { requests: calls }),
    ...(results === undefined ? {} : { results: results === 'record' ? {} : results }),
    ...(secrets === undefined ? {} : { secrets }),
    ...(pii === undefined ? {} : { pii: readPersonal(pii, report) }),
    ...(patterns === undefined ? {} : { patterns }),
  };
}

/** How long an answer of the classifier is waited for. */
const CLASSIFIER_DEADLINE_MS = 500;

/** Reads which classifier is asked; absent where none is. */
export function readClassifier(
  { classifier }: GuardsEntry,
  report: Report,
): { readonly classifier?: ConfiguredClassifier } {
  if (classifier === undefined) return {};
  const { url, deadline_ms: deadlineMs = CLASSIFIER_DEADLINE_MS, failure = 'record' } = classifier;
  const { hostname, username, hash } = new URL(url);
  // SECURITY: what agents and servers write goes there.
  if (!isLoopback(hostname) || username !== '' || hash !== '') {
    const help = 'write an address like `http://127.0.0.1:8085/score`';
    report('bad-value', ['guards', 'classifier', 'url'], 'the classifier must listen on this machine', help);
  }
  return { classifier: { url, deadlineMs, failure } };
}

function readPersonal(
  pii: NonNullable<GuardsEntry['pii']>,
  report: Report,
): NonNullable<GuardSettings['pii']> {
  if (typeof pii === 'string') return { kinds: GUARDED_KINDS, requests: pii };
  const { kinds = GUARDED_KINDS, requests, results } = pii;
  if (requests === undefined && results === undefined) {
    const help = 'say what it leads to with `requests`, `results` or both';
    report('no-effect', ['guards', 'pii'], '`pii` leads to nothing', help);
  }
  return {
    kinds,
    ...(requests === undefined ? {} : { requests }),
    ...(results === undefined ? {} : { results }),
  };
}

function refuseUnfit(patterns: NonNullable<GuardsEntry['patterns']>, report: Report): void {
  const names = new Set<string>();
  for (const [index, pattern] of patterns.entries()) {
    const at = ['guards', 'patterns', index];
    const compiled = compilePersonalPattern(pattern);
    if (typeof compiled === 'string') report('bad-value', at, `the pattern \`${pattern.name}\`: ${compiled}`);
    if (names.has(pattern.name)) {
      report('duplicate-name', [...at, 'name'], `\`${pattern.name}\` is already the name of another entry`);
    }
    names.add(pattern.name);
  }
}

/** A call that threatens more must not be answered more mildly: nobody means that. */
function refuseMilder(answers: BandAnswers<CallAnswer>, report: Report): void {
  let strictest = -1;
  for (const band of GUARDED_BANDS) {
    const answer = answers[band];
    if (answer === undefined) continue;
    const strictness = CALL_ANSWERS.indexOf(answer);
    if (strictness < strictest) {
      report(
        'no-effect',
        ['guards', 'requests', band],
        `\`${band}\` is answered more mildly than a lower band`,
        'from a band on the same holds, or something stricter',
      );
    }
    strictest = Math.max(strictest, strictness);
  }
}
