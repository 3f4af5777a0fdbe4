import { type Diagnostic, isJsonObject, type JsonValue, type SourceDocument, suggest } from '@aegis/core';
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
        help: near === undefined ? `expected one of ${quoted(known)}` : `did you mean \`${near}\`?`,
      };
    });
  }
  const at = document.positionOf(path, 'value');
  const name = path.join('.');
  if (name !== '' && valueAt(document.value, path) === undefined) {
    return [{ code: 'missing-key', message: `\`${name}\` is missing`, at }];
  }
  const message = name === '' ? `the file: ${words(issue)}` : `\`${name}\`: ${words(issue)}`;
  return [{ code: CODES[issue.code] ?? 'bad-value', message, at }];
}

const CODES: Readonly<Partial<Record<z.core.$ZodIssue['code'], string>>> = {
  invalid_type: 'wrong-type',
  invalid_value: 'unknown-value',
  too_small: 'out-of-range',
  too_big: 'out-of-range',
};

function valueAt(value: JsonValue | undefined, path: readonly (string | number)[]): JsonValue | undefined {
  let at = value;
  for (const part of path) {
    if (Array.isArray(at)) at = (at as readonly JsonValue[])[Number(part)];
    else at = isJsonObject(at) && Object.hasOwn(at, part) ? at[part] : undefined;
  }
  return at;
}

function quoted(words: readonly unknown[]): string {
  return words.map((word) => `\`${String(word)}\``).join(', ');
}

function words(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `expected one of ${quoted(issue.values)}`;
  if (issue.code === 'invalid_type') return `expected ${issue.expected}`;
  if (issue.code === 'too_small') return `must be at least ${issue.minimum}${UNIT_OF[issue.origin] ?? ''}`;
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}${UNIT_OF[issue.origin] ?? ''}`;
  return issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
}

const UNIT_OF: Readonly<Partial<Record<string, string>>> = { array: ' long', string: ' long' };

/** The keys that the schema knows at a path; none where it is no object. */
function keysAt(schema: z.ZodType, path: readonly (string | number)[]): string[] {
  let at: unknown = schema;
  for (const part of ['', ...path]) {
    const definition = unwrap(at);
    if (part !== '') at = typeof part === 'number' ? definition?.element : definition?.shape?.[part];
  }
  const definition = unwrap(at);
  return Object.keys(definition?.shape ?? definition?.keyType?.def?.entries ?? {});
}

interface Definition {
  readonly innerType?: unknown;
  readonly element?: unknown;
  readonly shape?: Readonly<Record<string, unknown>>;
  /** Of a record whose keys are an enumeration. */
  readonly keyType?: { readonly def?: { readonly entries?: Readonly<Record<string, unknown>> } };
}

function unwrap(schema: unknown): Definition | undefined {
  let definition = (schema as { def?: Definition } | undefined)?.def;
  while (definition?.innerType !== undefined) definition = (definition.innerType as { def: Definition }).def;
  return definition;
}
