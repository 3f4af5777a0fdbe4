import type { JsonValue, SourceDocument } from '@aegis/core';
import { isJsonObject, readDocument } from '@aegis/core';
import { Form } from './form.ts';
import { FLAT_KEYS, type FlatKey, isFlat } from './keys.ts';

/** What the command line says in place of the file. */
export type Flags = Readonly<Partial<Record<FlatKey, JsonValue>>>;

/**
 * The file as a document of the one form: short keys stand where that form has them, flags in place of both.
 * Positions are those of the file, and of a flag its name.
 */
export function readConfigurationDocument(
  { file, text }: { readonly file: string; readonly text: string },
  flags: Flags = {},
): SourceDocument {
  const document = readDocument({ file, text });
  const { value } = document;
  const flat = isFlat(value);
  if (!isJsonObject(value) || (!flat && Object.keys(flags).length === 0)) return document;
  const form = new Form(document, value);
  if (flat) for (const key of FLAT_KEYS) form.move(key);
  for (const key of FLAT_KEYS) form.override(key, flags[key], `--${flagOf(key)}`);
  if (flat) form.complete();
  return form.document();
}

/** How a key is called on the command line. */
export function flagOf(key: FlatKey): string {
  return key.replaceAll(/[._]/g, '-');
}
