import { setImmediate as breath } from 'node:timers/promises';
import { type ContentScan, type Finding, type JsonValue, maskResult, scanContent } from '@aegis/core';
import type { ContentReader } from '../ports.ts';

/** Reads in this thread, and lets others have their turn between the pieces of a large value. */
export const READ_HERE: ContentReader = {
  scan: scanInPieces,
  mask: maskResult,
};

async function scanInPieces(value: JsonValue, scan: ContentScan): Promise<readonly Finding[]> {
  const pieces = scanContent(value, scan);
  for (;;) {
    const piece = pieces.next();
    if (piece.done === true) return piece.value;
    await breath();
  }
}
