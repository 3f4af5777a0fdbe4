import type { Diagnostic, Position } from '../diagnostic.ts';
import { isJsonObject, type JsonValue } from '../model/json.ts';
import type { SourceDocument } from '../source/document.ts';
import { type Report, readList, type SourcePath } from '../source/report.ts';
import type { AskedSettings } from './formats/asked-settings.ts';
import { readPolicyFile } from './formats/policy-file.ts';
import { readRule } from './read-rule.ts';
import type { Rule } from './rule.ts';

/** Rules as they are written, or as they were read before. */
export type PolicyPart =
  | WrittenPart
  | { readonly rules: readonly Rule[]; readonly asked: readonly AskedSettings[] };

/** A policy file, or a list of rules inside a document. */
export interface WrittenPart {
  readonly document: SourceDocument;
  /**
   * Where the list is (`['policies']`); a list that is not there has no rules. Absent for a policy file, which
   * is in the format that its own keys say.
   */
  readonly path?: SourcePath;
  /** Absolute folder from which relative paths of `under` start; without it they are refused. */
  readonly base?: string;
}

/** Where the first rule of a name stands in the part that has it: looked for when a second one comes. */
type PlaceOf = (name: string) => Position;

/** Rules of a layer are called as it is, and what they are called in their file. */
export function readRules(
  given: readonly PolicyPart[],
  names: Map<string, PlaceOf>,
  prefix = '',
): { rules: Rule[]; asked: AskedSettings[]; diagnostics: Diagnostic[] } {
  const rules: Rule[] = [];
  const asked: AskedSettings[] = [];
  const parts = given.map((part) => {
    if ('rules' in part) return part;
    const { document, path, base } = part;
    if (path !== undefined) return { document, path, base };
    const file = readPolicyFile(document, base);
    asked.push(...file.asked);
    return { document: file.document, path: ['policies'], base };
  });
  const documents = new Set(parts.flatMap((part) => ('rules' in part ? [] : [part.document])));
  const diagnostics = [...documents].flatMap((document) => document.diagnostics);
  // What could not be read is not to be blamed a second time for being of the wrong type.
  const known = new Set(diagnostics.map(({ at }) => formatPosition(at)));
  for (const part of parts) {
    if ('rules' in part) {
      const placeOf: PlaceOf = (name) => part.rules.find((rule) => rule.name === name)?.at as Position;
      for (const rule of part.rules) {
        const first = names.get(rule.name);
        if (first !== undefined) diagnostics.push(duplicate(rule.name, rule.at, first));
        else names.set(rule.name, placeOf);
        rules.push(rule);
      }
      asked.push(...part.asked);
      continue;
    }
    const { document, path, base } = part;
    const report: Report = { document, diagnostics: [] };
    const context = { base, subjects: new Map() };
    const list = ruleList(report, path);
    const placeOf: PlaceOf = (name) => {
      const first = list.findIndex((value) => nameOf(value, prefix) === name);
      return document.positionOf([...path, first, 'name']);
    };
    for (const [index, value] of list.entries()) {
      const at = [...path, index];
      const name = nameOf(value, prefix);
      const first = name === undefined ? undefined : names.get(name);
      if (name !== undefined && first === undefined) names.set(name, placeOf);
      if (name !== undefined && first !== undefined) {
        report.diagnostics.push(duplicate(name, document.positionOf([...at, 'name']), first));
      }
      const rule = readRule(report, at, value, context);
      if (rule !== undefined) rules.push(prefix === '' ? rule : { ...rule, name: `${prefix}${rule.name}` });
    }
    for (const diagnostic of report.diagnostics) {
      if (!known.has(formatPosition(diagnostic.at))) diagnostics.push(diagnostic);
    }
  }
  return { rules, asked, diagnostics };
}

function nameOf(value: JsonValue, prefix: string): string | undefined {
  const written = isJsonObject(value) ? value['name'] : undefined;
  if (typeof written !== 'string') return undefined;
  return prefix === '' ? written : `${prefix}${written}`;
}

function duplicate(name: string, at: Position, first: PlaceOf): Diagnostic {
  const help = `the first one is at ${formatPosition(first(name))}`;
  return { code: 'duplicate-name', message: `a rule \`${name}\` exists already`, at, help };
}

function formatPosition({ file, line, column }: Position): string {
  return `${file}:${line}:${column}`;
}

function ruleList(report: Report, path: SourcePath): readonly JsonValue[] {
  let value: JsonValue | undefined = report.document.value;
  for (const segment of path) {
    value = (value as { readonly [key: string]: JsonValue } | null | undefined)?.[segment];
  }
  return value === undefined ? [] : (readList(report, path, value) ?? []);
}
