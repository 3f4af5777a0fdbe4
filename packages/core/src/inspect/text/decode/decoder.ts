import type { MappedText } from '../mapped-text.ts';
import type { Shape } from '../shape.ts';

/**
 * Finds what is written in one encoding in a text, and gives it decoded, each unit with its place. Takes
 * time linear in the text, and gives no more text than it was given.
 */
export type Decoder = (source: MappedText, shape: Shape) => readonly MappedText[];

/** Decoded text whose places are spread evenly over the encoded one. */
export function spread(text: string, source: MappedText, start: number, end: number): MappedText {
  const origins = new Uint32Array(text.length + 1);
  const scale = (end - start) / Math.max(1, text.length);
  for (let i = 0; i <= text.length; i++) {
    const at = Math.min(end, start + Math.floor(i * scale));
    origins[i] = source.origins === undefined ? at : (source.origins[at] ?? 0);
  }
  return { text, origins };
}
