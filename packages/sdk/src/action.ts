import type { JsonObject } from './json.ts';

/** Something that an agent would do: what, to what, and how. */
export class Action {
  /** What is done (`delete`): policies know it as the name of the tool. */
  readonly type: string;
  /** To what (`database`): policies know it as the server. */
  readonly target: string;
  readonly params: JsonObject;

  constructor(type: string, target: string, params: JsonObject = {}) {
    this.type = type;
    this.target = target;
    this.params = params;
  }
}
