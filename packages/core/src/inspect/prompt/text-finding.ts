import type { Finding } from '../../model/finding.ts';
import type { Span } from '../text/span.ts';

/** A finding with its place in the text: the evidence, without its words. */
export interface TextFinding extends Finding {
  readonly span: Span;
}
