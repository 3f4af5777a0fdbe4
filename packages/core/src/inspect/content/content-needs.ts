/** Which inspectors of content are asked for. */
export interface ContentNeeds {
  /** Text that acts on a model. */
  readonly text: boolean;
  readonly secrets: boolean;
  /** Personal data, and what the patterns of the configuration match. */
  readonly pii: boolean;
  /** The threat score, which counts what they find. */
  readonly score: boolean;
}

export const NO_CONTENT_NEEDS: ContentNeeds = Object.freeze({
  text: false,
  secrets: false,
  pii: false,
  score: false,
});
/** What a score is taken of. */
export const SCORE_NEEDS: ContentNeeds = Object.freeze({
  text: true,
  secrets: true,
  pii: false,
  score: true,
});
