import {
  type InspectPlatform,
  judge,
  type Judgement,
  type JudgementOptions,
  type JsonValue,
} from '@aegis/core';
import { readRow } from './row.ts';

/** What one labelled line is answered with: the judgement, or what is wrong with the line. */
export type LineAnswer =
  | ({ readonly id: JsonValue } & Judgement)
  | { readonly id: JsonValue; readonly error: string };

/** Judges what a line holds, by the inspector that its `guard` names. */
export function judgeLine(
  line: string,
  { platform, direction }: Pick<JudgementOptions, 'platform' | 'direction'>,
): LineAnswer {
  const row = readRow(line);
  if ('error' in row) return row;
  const { id, kind, input, dialect = '', root } = row;
  const inRoot: InspectPlatform = root === undefined ? platform : { ...platform, baseDir: root };
  return { id, ...judge(kind, input, { platform: inRoot, direction, dialect: DIALECT_NAMES[dialect] }) };
}

/** As collections of statements name them. */
const DIALECT_NAMES: Readonly<Record<string, JudgementOptions['dialect']>> = {
  postgres: 'postgresql',
  postgresql: 'postgresql',
  sqlite: 'sqlite',
  mysql: 'mysql',
};
