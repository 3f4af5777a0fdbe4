import { createHash } from 'node:crypto';

/** Rules are made with an eye on one half and must hold on the other, of which only the rate is looked at. */
export function isForDevelopment(text: string): boolean {
  return (createHash('sha256').update(text).digest()[0] ?? 0) < 128;
}

export interface Labelled {
  readonly kind: string;
  readonly text: string;
}

export function listOf(
  ...tables: readonly Readonly<Record<string, readonly string[]>>[]
): readonly Labelled[] {
  return tables.flatMap((table) =>
    Object.entries(table).flatMap(([kind, texts]) => texts.map((text) => ({ kind, text }))),
  );
}
