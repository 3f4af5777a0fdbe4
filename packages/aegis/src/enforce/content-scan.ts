import { setImmediate as breath } from 'node:timers/promises';
import { type ContentScan, type Finding, type JsonValue, scanContent } from '@aegis/core';

/** Scans a value, and lets others have their turn between the pieces of a large one. */
export async function scanInPieces(value: JsonValue, scan: ContentScan): Promise<readonly Finding[]> {
  const pieces = scanContent(value, scan);
  for (;;) {
    const piece = pieces.next();
    if (piece.done === true) return piece.value;
    await breath();
  }
}
