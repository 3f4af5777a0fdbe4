import { basename } from 'node:path';
import {
  canonicalJson,
  type Diagnostic,
  type Evaluated,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type PolicyModule,
  type Position,
  type Sha256,
  type SourceDocument,
  suggest,
} from '@aegis/core';
import { compile, type Evaluation, type Source } from '@aegis/rego';
import { REGO_HASHES } from './rego-hashes.ts';
import type { ReadText } from './texts.ts';

/** Rego of an installation; paths are absolute. */
export interface RegoSources {
  readonly files: readonly string[];
  /** The rule that is asked: `data.aegis.decision`. */
  readonly entrypoint: string;
  /** Where it is written. */
  readonly entrypointAt: Position;
  readonly data?: string;
}

/**
 * What one decision may use: it is made in one turn, in which nothing else moves. A policy that only
 * looks at its input needs hundreds of steps.
 */
const BUDGET = { steps: 100_000, depth: 100, size: 1_048_576 };

export interface RegoOptions {
  readonly read: (file: string) => Promise<SourceDocument | undefined>;
  readonly readText: ReadText;
  readonly sha256: Sha256;
  readonly diagnostics: Diagnostic[];
}

/** Reads and compiles Rego to the module that a policy asks last. With any diagnostic there is none. */
export async function loadRego(
  sources: RegoSources,
  options: RegoOptions,
): Promise<PolicyModule | undefined> {
  const found: Diagnostic[] = [];
  const { entrypoint } = sources;
  const modules = await readModules(sources.files, options.readText, found);
  const compiled =
    modules.length < sources.files.length ? undefined : compile(modules, { hashes: REGO_HASHES });
  if (compiled?.kind === 'refused') {
    found.push(...compiled.diagnostics.map((one) => ({ ...one, code: one.code.replaceAll('_', '-') })));
  }
  const rules = compiled?.kind === 'module' ? compiled.entrypoints : [];
  const data = sources.data === undefined ? {} : await readData(sources.data, rules, options.read, found);
  if (compiled?.kind === 'module' && !rules.includes(entrypoint))
    found.push(unknownEntrypoint(sources, rules));
  options.diagnostics.push(...found);
  const query = compiled?.kind === 'module' ? compiled.query(entrypoint) : undefined;
  if (compiled?.kind !== 'module' || query === undefined || data === undefined || found.length > 0) {
    return undefined;
  }
  const files = modules.map(({ text }) => text);
  return {
    rule: `rego:${entrypoint}`,
    digest: options.sha256(canonicalJson({ entrypoint, files, data })),
    reads: compiled.inputPaths,
    evaluate: (input, nowMs) =>
      evaluated(
        query.evaluate({ input, data, nowNs: BigInt(nowMs) * 1_000_000n, budget: BUDGET, strict: true }),
      ),
  };
}

function evaluated(evaluation: Evaluation): Evaluated {
  switch (evaluation.kind) {
    case 'value':
      return { kind: 'value', value: evaluation.value };
    case 'undefined':
      return { kind: 'undefined' };
    case 'error': {
      const { message, at } = evaluation;
      // SECURITY: an agent reads this, and is told the name of a file and not its folder.
      const where = at === undefined ? '' : ` (${basename(at.file)}:${at.line}:${at.column})`;
      return { kind: 'fault', message: `${message}${where}` };
    }
  }
}

async function readModules(
  files: readonly string[],
  readText: ReadText,
  diagnostics: Diagnostic[],
): Promise<readonly Source[]> {
  const modules: Source[] = [];
  for (const file of files) {
    try {
      modules.push({ file, text: await readText(file) });
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code ?? 'unknown error';
      const at = { file, line: 1, column: 1 };
      diagnostics.push({ code: 'unreadable', message: `cannot read \`${file}\`: ${why}`, at });
    }
  }
  return modules;
}

/** Reads what the policies find below `data`. */
async function readData(
  file: string,
  rules: readonly string[],
  read: (file: string) => Promise<SourceDocument | undefined>,
  diagnostics: Diagnostic[],
): Promise<JsonObject | undefined> {
  const document = await read(file);
  if (document === undefined) return undefined;
  diagnostics.push(...document.diagnostics);
  const { value } = document;
  if (value === undefined) return undefined;
  if (!isJsonObject(value)) {
    const at = document.positionOf([]);
    diagnostics.push({ code: 'wrong-type', message: 'the data of Rego must be an object', at });
    return undefined;
  }
  for (const rule of rules) {
    const [, ...path] = rule.split('.');
    const taken = takenPath(value, path);
    if (taken === undefined) continue;
    diagnostics.push({
      code: 'data-conflict',
      message: `\`data.${taken.join('.')}\` is where the rule \`${rule}\` is`,
      at: document.positionOf(taken, 'key'),
      help: 'rename one of them: data and rules share one tree',
    });
  }
  return value;
}

/** The part of a rule's path at which there is a value that is not a folder for it; undefined when it is free. */
function takenPath(data: JsonObject, path: readonly string[]): readonly string[] | undefined {
  let at: JsonValue = data;
  for (const [depth, step] of path.entries()) {
    if (!isJsonObject(at)) return path.slice(0, depth);
    if (!Object.hasOwn(at, step)) return undefined;
    at = at[step] as JsonValue;
  }
  return path;
}

function unknownEntrypoint({ entrypoint, entrypointAt }: RegoSources, rules: readonly string[]): Diagnostic {
  const near = suggest(entrypoint, rules);
  const help =
    near === undefined
      ? `the rules are ${rules.map((rule) => `\`${rule}\``).join(', ')}`
      : `did you mean \`${near}\`?`;
  return {
    code: 'unknown-entrypoint',
    message: `no rule \`${entrypoint}\``,
    at: entrypointAt,
    ...(rules.length === 0 ? {} : { help }),
  };
}
