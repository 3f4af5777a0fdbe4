import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isJsonObject, type JsonValue, readDocument, type WrittenPart } from '@aegis/core';

/** Where the rules of a configuration are. */
export interface PolicyPlaces {
  readonly rules: WrittenPart | undefined;
  /** Absolute paths. */
  readonly policyFiles: readonly string[];
}

/**
 * Where the rules of a configuration are that has mistakes: as far as it can be read, its layers apart. Rejects as the
 * file system does.
 */
export async function findPolicy(file: string): Promise<PolicyPlaces> {
  const document = readDocument({ text: await readFile(file, 'utf8'), file });
  const table = isJsonObject(document.value) ? document.value : {};
  const { policy, policies } = table;
  return {
    // What is no list has been reported with the configuration, and so has what could not be read.
    rules: Array.isArray(policies)
      ? { document: { ...document, diagnostics: [] }, path: ['policies'], base: dirname(file) }
      : undefined,
    policyFiles: textsOf(policy).map((name) => resolve(dirname(file), name)),
  };
}

function textsOf(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
