// Cedar's own integration tests (github.com/cedar-policy/cedar-integration-tests, corpus unpacked) through the adapter:
// node --conditions=@aegis/source scripts/cedar-corpus.ts <folder>
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '@aegis/core';
import { loadEngine } from '../packages/aegis/src/source/cedar/engine.ts';
import { judged } from '../packages/aegis/src/source/cedar/judgement.ts';
import { readPolicies } from '../packages/aegis/src/source/cedar/policies.ts';

interface Case {
  readonly policies: string;
  readonly entities: string;
  readonly schema: string;
  readonly requests: readonly {
    readonly principal: never;
    readonly action: never;
    readonly resource: never;
    readonly context: never;
    readonly validateRequest?: boolean;
    readonly decision: 'allow' | 'deny';
    readonly reason: readonly string[];
    readonly errors: readonly string[];
  }[];
}

const [folder = '.'] = process.argv.slice(2);
const engine = await loadEngine();
if (engine === undefined) throw new Error('Cedar is not installed');

const counts = { requests: 0, agree: 0, stricter: 0, refused: 0, unlike: 0 };
for (const file of casesIn(folder)) {
  const {
    policies: name,
    entities: entitiesName,
    schema: schemaName,
    requests,
  } = JSON.parse(readFileSync(file, 'utf8')) as Case;
  const diagnostics: Diagnostic[] = [];
  const read = readPolicies(engine, name, textOf(name), diagnostics).toSorted(
    (a, b) => a.at.line - b.at.line || a.at.column - b.at.column,
  );
  // The tests call the policies by their order.
  const policies = new Map(read.map((policy, index) => [`policy${index}`, policy]));
  const staticPolicies = Object.fromEntries([...policies].map(([id, { text }]) => [id, text]));
  const parsed = engine.preparsePolicySet('corpus', { staticPolicies }).type === 'success';
  const entities = JSON.parse(textOf(entitiesName)) as never;
  const schema = engine.preparseSchema('corpus', textOf(schemaName)).type === 'success';
  for (const { principal, action, resource, context, ...expected } of requests) {
    const { decision, reason, errors, validateRequest = true } = expected;
    counts.requests += 1;
    if (diagnostics.length > 0 || !parsed || !schema) {
      counts.refused += 1;
      continue;
    }
    const answer = engine.statefulIsAuthorized({
      principal,
      action,
      resource,
      context,
      entities,
      preparsedPolicySetId: 'corpus',
      preparsedSchemaName: 'corpus',
      validateRequest,
    });
    if (answer.type === 'failure') {
      // Whole numbers that no double holds do not come through the JSON of JavaScript.
      counts.refused += 1;
      continue;
    }
    const found = judged(answer, policies, true);
    const passes = found.kind === 'objections' && found.objections.length === 0;
    const failedForbid = errors.some((id) => policies.get(id)?.forbids === true);
    const spoke = answer.response.diagnostics.reason.toSorted().join();
    if (passes === (decision === 'allow') && spoke === [...reason].sort().join()) counts.agree += 1;
    else if (!passes && failedForbid && spoke === [...reason].sort().join()) counts.stricter += 1;
    else {
      counts.unlike += 1;
      if (counts.unlike <= 10) process.stdout.write(`${file}: ${decision}, found ${JSON.stringify(found)}\n`);
    }
  }
}
process.stdout.write(`${JSON.stringify(counts)}\n`);

function textOf(name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}

function* casesIn(root: string): Generator<string> {
  for (const part of ['tests', 'corpus-tests']) {
    if (!existsSync(join(root, part))) continue;
    for (const name of readdirSync(join(root, part), { recursive: true, encoding: 'utf8' })) {
      if (name.endsWith('.json') && !name.endsWith('.entities.json')) yield join(root, part, name);
    }
  }
}
