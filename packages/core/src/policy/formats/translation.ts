import type { Diagnostic, Position } from '../../diagnostic.ts';
import { isJsonObject, type JsonValue } from '../../model/json.ts';
import type { SourceDocument } from '../../source/document.ts';
import {
  offsetOf,
  type SourceEntry,
  type SourceNode,
  type SourceScalar,
  valueOf,
} from '../../source/node.ts';
import type { SourcePath } from '../../source/report.ts';

/** A key of a table that is built, its value, and where the key stands in the original. */
export type TranslatedEntry = readonly [key: string, node: SourceNode | undefined, keyPath?: SourcePath];

/**
 * Builds native rules out of a document of another format. Everything built remembers what it stands for,
 * so that a diagnostic about a rule points into the file that a person wrote. `path` is always one of the
 * original.
 */
export class Translation {
  readonly #document: SourceDocument;
  /** `start` and `keyStart` of the nodes built here count these, not characters. */
  readonly #places: Position[] = [];

  constructor(document: SourceDocument) {
    this.#document = document;
  }

  scalar(value: SourceScalar['value'], path: SourcePath): SourceScalar {
    return { kind: 'scalar', start: this.#place(path), value };
  }

  list(items: readonly SourceNode[], path: SourcePath): SourceNode {
    return { kind: 'list', start: this.#place(path), items: [...items] };
  }

  /** Entries without a value are left out. */
  table(entries: readonly TranslatedEntry[], path: SourcePath): SourceNode {
    const built = new Map<string, SourceEntry>();
    for (const [key, node, keyPath] of entries) {
      if (node === undefined) continue;
      const keyStart = keyPath === undefined ? node.start : this.#place(keyPath, 'key');
      built.set(key, { keyStart, node });
    }
    return { kind: 'table', start: this.#place(path), entries: built };
  }

  /** A value as it is written in the original. */
  copy(value: JsonValue, path: SourcePath): SourceNode {
    if (Array.isArray(value)) {
      return this.list(
        value.map((item: JsonValue, index) => this.copy(item, [...path, index])),
        path,
      );
    }
    if (isJsonObject(value)) {
      const entries = Object.entries(value).map(([key, item]): TranslatedEntry => {
        const at = [...path, key];
        return [key, this.copy(item, at), at];
      });
      return this.table(entries, path);
    }
    return this.scalar(value as SourceScalar['value'], path);
  }

  /** The rules as a document with `policies`. */
  document(rules: readonly SourceNode[], diagnostics: readonly Diagnostic[]): SourceDocument {
    const root = this.table([['policies', this.list(rules, [])]], []);
    const places = [...this.#places];
    const { file, format } = this.#document;
    return {
      file,
      format,
      value: valueOf(root),
      diagnostics,
      positionOf: (path, what = 'value') => places[offsetOf(root, path, what)] as Position,
    };
  }

  #place(path: SourcePath, what: 'key' | 'value' = 'value'): number {
    return this.#places.push(this.#document.positionOf(path, what)) - 1;
  }
}
