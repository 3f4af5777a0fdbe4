import type { JsonValue, SourceDocument } from '@aegis/core';
import { isJsonObject, readDocument } from '@aegis/core';
import { Form } from './form.ts';
import { NO_SURROUNDINGS, type Surroundings } from '../surroundings.ts';
import { FLAT_KEYS, type FlatKey, isFlat } from './keys.ts';

/** What the command line says in place of the file. */
export type Flags = Readonly<Partial<Record<FlatKey, JsonValue>>>;

/**
 * The file as a document of the one form: short keys stand where that form has them, variables in place of both,
 * flags in place of all; what the file leaves open is as the user has it. Positions are those of the file, and of
 * a flag or a variable its name.
 */
export function readConfigurationDocument(
  { file, text }: { readonly file: string; readonly text: string },
  flags: Flags = {},
  { variables, defaults, diagnostics }: Surroundings = NO_SURROUNDINGS,
): SourceDocument {
  const document = readDocument({ file, text });
  const { value } = document;
  const flat = isFlat(value);
  const outer = Object.keys(flags).length + variables.length + defaults.length + diagnostics.length;
  if (!isJsonObject(value) || (!flat && outer === 0)) return document;
  const form = new Form(document, value, diagnostics);
  if (flat) for (const key of FLAT_KEYS) form.move(key);
  for (const setting of defaults) form.fill(setting);
  for (const setting of variables) form.replace(setting);
  for (const key of FLAT_KEYS) form.override(key, flags[key], `--${flagOf(key)}`);
  if (flat) form.complete();
  return form.document();
}

/** How a key is called on the command line. */
export function flagOf(key: FlatKey): string {
  return key.replaceAll(/[._]/g, '-');
}
