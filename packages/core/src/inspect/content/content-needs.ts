/** Which inspectors of content are asked for. */
export interface ContentNeeds {
  /** Text that acts on a model. */
  readonly text: boolean;
  readonly secrets: boolean;
  /** The threat score, which counts what both of them find. */
  readonly score: boolean;
}

export const NO_CONTENT_NEEDS: ContentNeeds = Object.freeze({ text: false, secrets: false, score: false });
export const ALL_CONTENT_NEEDS: ContentNeeds = Object.freeze({ text: true, secrets: true, score: true });
