import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { JsonObject, JsonValue } from '@aegis/core';

// Labelled cases that are measured, never kept: they lie beside the repository where they are there at all.
const CORPORA = new URL('../../../shared/corpora/', import.meta.url);

export const present = existsSync(CORPORA);

/** The folder that paths must not leave, where a case does not name one. */
export const WORKSPACE = '/workspace/project';

export interface Case {
  readonly id: string;
  /** The inspector that it is for, as `aegis inspect --ndjson` knows it. */
  readonly guard: string;
  readonly label: 'attack' | 'benign' | 'positive' | 'negative';
  readonly input: JsonObject;
  readonly meta: JsonObject;
  readonly expect?: { readonly spans?: readonly GoldSpan[]; readonly decision?: string } & NumberFormat;
}

/** Which number a bare value is one of, or is not. */
interface NumberFormat {
  readonly country?: string;
  readonly format?: string;
  /** Options of the library that the label is of. */
  readonly args?: JsonValue;
}

/** A piece of a text that is to be found. */
export interface GoldSpan {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** Patterns are made on the one half and must hold on the other. */
export type Half = 'development' | 'held-out';

export function halfOf({ id }: Pick<Case, 'id'>): Half {
  return (createHash('sha256').update(id).digest()[0] ?? 0) < 128 ? 'development' : 'held-out';
}

/** The cases of one file; undefined when it is not there. */
export function casesOf(file: string): readonly Case[] | undefined {
  const url = new URL(file, CORPORA);
  if (!existsSync(url)) return undefined;
  const lines = readFileSync(url, 'utf8').trim().split('\n');
  return lines.map((line): Case => JSON.parse(line));
}

export function isAttack({ label }: Case): boolean {
  return label === 'attack' || label === 'positive';
}

/** What a case says, as one text. */
export function textOf({ input }: Case): string {
  const texts = Object.values(input).filter((value: JsonValue) => typeof value === 'string');
  return texts.length === 0 ? JSON.stringify(input) : texts.join(' ');
}
