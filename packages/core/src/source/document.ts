import { type Diagnostic, type Position, sortDiagnostics } from '../diagnostic.ts';
import type { JsonValue } from '../model/json.ts';
import { readJson } from './json.ts';
import { lineIndex } from './line-index.ts';
import { offsetOf, type SourceTree, valueOf } from './node.ts';
import { readToml } from './toml.ts';
import { readYaml } from './yaml.ts';

export type SourceFormat = 'toml' | 'yaml' | 'json';

/** Largest file that is read, in UTF-16 units. */
export const MAX_SOURCE_LENGTH = 16 * 1024 * 1024;

/** A file that a person wrote, read as data, with the place of everything in it. */
export interface SourceDocument {
  readonly file: string;
  readonly format: SourceFormat;
  /** Undefined when the text could not be read; a part that could not be read is null there. */
  readonly value: JsonValue | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** Where a value stands, or its key; for a path that is not there, its deepest ancestor that is. */
  positionOf(path: readonly (string | number)[], what?: 'key' | 'value'): Position;
}

const READERS: Readonly<Record<SourceFormat, (text: string) => SourceTree>> = {
  toml: readToml,
  yaml: readYaml,
  json: readJson,
};

/** The format by the file's extension; TOML when it says nothing. */
export function formatOf(file: string): SourceFormat {
  const extension = /\.([a-z]+)$/i.exec(file)?.[1]?.toLowerCase();
  return extension === 'json' ? 'json' : extension === 'yaml' || extension === 'yml' ? 'yaml' : 'toml';
}

/**
 * Reads TOML 1.0, YAML 1.2 (core schema) or JSON (RFC 8259) as JSON data. Never throws for what the
 * text holds: everything wrong with it is a diagnostic.
 */
export function readDocument(input: {
  readonly text: string;
  readonly file: string;
  readonly format?: SourceFormat;
}): SourceDocument {
  const { file } = input;
  const format = input.format ?? formatOf(file);
  const text = input.text.startsWith('\uFEFF') ? input.text.slice(1) : input.text;
  const { root, faults } = text.length > MAX_SOURCE_LENGTH ? TOO_LARGE : READERS[format](text);
  const place = lineIndex(text);
  const at = (offset: number): Position => {
    const { line, column } = place(offset);
    return { file, line, column };
  };
  return {
    file,
    format,
    value: root === undefined ? undefined : valueOf(root),
    diagnostics: sortDiagnostics(
      faults.map(
        ({ offset, code, message, help }): Diagnostic =>
          help === undefined ? { code, message, at: at(offset) } : { code, message, at: at(offset), help },
      ),
    ),
    positionOf: (path, what = 'value') => at(root === undefined ? 0 : offsetOf(root, path, what)),
  };
}

const TOO_LARGE: SourceTree = {
  root: undefined,
  faults: [
    { code: 'too-large', message: `the file is larger than ${MAX_SOURCE_LENGTH} characters`, offset: 0 },
  ],
};
