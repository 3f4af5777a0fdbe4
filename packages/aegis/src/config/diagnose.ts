import { type Diagnostic, type SourceDocument, suggest } from '@aegis/core';
import type { z } from 'zod';

/** Turns what a schema found wrong into diagnostics with positions. */
export function diagnose(document: SourceDocument, error: z.ZodError, schema: z.ZodType): Diagnostic[] {
  return error.issues.flatMap((issue) => fromIssue(document, issue, schema));
}

function fromIssue(document: SourceDocument, issue: z.core.$ZodIssue, schema: z.ZodType): Diagnostic[] {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, path);
    return issue.keys.map((key) => {
      const near = suggest(key, known);
      return {
        code: 'unknown-key',
        message: `unknown key \`${[...path, key].join('.')}\``,
        at: document.positionOf([...path, key], 'key'),
        help: near === undefined ? `known keys here: ${known.join(', ')}` : `did you mean \`${near}\`?`,
      };
    });
  }
  return [
    {
      code: issue.code === 'invalid_value' ? 'bad-value' : 'ill-typed',
      message: `\`${path.join('.')}\`: ${words(issue)}`,
      at: document.positionOf(path, 'value'),
    },
  ];
}

function words(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value')
    return `expected one of ${issue.values.map((v) => `\`${String(v)}\``).join(', ')}`;
  if (issue.code === 'invalid_type') return `expected ${issue.expected}`;
  return issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
}

/** The keys that a strict object of the schema knows at a path; empty where it is no object. */
function keysAt(schema: z.ZodType, path: readonly (string | number)[]): string[] {
  let at: unknown = schema;
  for (const part of ['', ...path]) {
    const definition = unwrap(at);
    if (part !== '') at = typeof part === 'number' ? definition?.element : definition?.shape?.[part];
  }
  return Object.keys(unwrap(at)?.shape ?? {});
}

interface Definition {
  readonly innerType?: unknown;
  readonly element?: unknown;
  readonly shape?: Readonly<Record<string, unknown>>;
}

function unwrap(schema: unknown): Definition | undefined {
  let definition = (schema as { def?: Definition } | undefined)?.def;
  while (definition?.innerType !== undefined) definition = (definition.innerType as { def: Definition }).def;
  return definition;
}
