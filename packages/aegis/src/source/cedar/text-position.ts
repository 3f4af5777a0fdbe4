import type { Position } from '@aegis/core';

/** Places in a text by UTF-16 units, as JavaScript counts, and by UTF-8 bytes, as Cedar does. */
export interface TextPositions {
  readonly ofUnit: (unit: number) => Position;
  readonly ofByte: (byte: number) => Position;
}

export function textPositions(file: string, text: string): TextPositions {
  const ofUnit = (unit: number): Position => {
    const before = text.slice(0, unit).split('\n');
    return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  };
  const bytes = Buffer.from(text);
  return { ofUnit, ofByte: (byte) => ofUnit(bytes.subarray(0, byte).toString('utf8').length) };
}
