import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

// Labelled cases that are measured, never kept: they lie beside the repository where they are there at all.
const CORPORA = new URL('../../../shared/corpora/', import.meta.url);

export const present = existsSync(CORPORA);

export interface Case {
  readonly id: string;
  readonly label: 'attack' | 'benign' | 'positive' | 'negative';
  readonly input: { readonly text?: string; readonly tool?: Readonly<Record<string, unknown>> };
  readonly meta: Readonly<Record<string, unknown>>;
}

/** Patterns are made on the one half and must hold on the other. */
export type Half = 'development' | 'held-out';

export function halfOf({ id }: Pick<Case, 'id'>): Half {
  return (createHash('sha256').update(id).digest()[0] ?? 0) < 128 ? 'development' : 'held-out';
}

export function casesOf(file: string): readonly Case[] {
  const lines = readFileSync(new URL(file, CORPORA), 'utf8').trim().split('\n');
  return lines.map((line): Case => JSON.parse(line));
}
