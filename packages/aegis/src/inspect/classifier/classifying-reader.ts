import { type ClassifierFailure, classifiableText, classifiedFindings, type KnownValues } from '@aegis/core';
import type { ContentReader } from '../../ports.ts';
import type { Classifier } from './endpoint.ts';

/** Most of one content that a classifier sees, in UTF-16 units. */
const LONGEST_TEXT = 16_384;

/**
 * A reader that also asks a classifier where text is looked for. What the classifier says is added to what the
 * reader found; nothing is taken away for it.
 */
export function classifyingReader(
  reader: ContentReader,
  classify: Classifier,
  failure: ClassifierFailure,
  kept: () => KnownValues,
): ContentReader {
  return {
    async scan(value, scan) {
      const found = await reader.scan(value, scan);
      if (!scan.text) return found;
      // SECURITY: a result is read before it is masked, and no credential may reach the classifier.
      const text = classifiableText(value, kept(), LONGEST_TEXT);
      if (text.trim() === '') return found;
      return [...found, ...classifiedFindings(await classify(text, scan.direction), failure)];
    },
    mask: (content, masks, known) => reader.mask(content, masks, known),
  };
}
