import { Action } from '../action.ts';
import type { Denial } from '../door.ts';
import { asJson, asJsonObject, type Json, type JsonObject } from '../json.ts';
import { textOf } from '../outcome.ts';
import { describe, type Result } from '../result.ts';
import type { AegisRuntime } from '../runtime.ts';

/** How the tools of a framework are governed. */
export interface GovernOptions {
  /** What policies know as the server of these tools; default `tools`. */
  readonly target?: string;
}

/** A tool was not carried out, or what came of it may not be gone on with. The message is for the model. */
export class ActionRefusedError extends Error {
  override readonly name = 'ActionRefusedError';
  readonly denial: Denial;

  constructor(result: Extract<Result, { status: 'blocked' | 'denied' }>) {
    const { remedy } = result.denial;
    super(remedy === undefined ? describe(result) : `${describe(result)}; ${remedy}`);
    this.denial = result.denial;
  }
}

/**
 * Takes one call of a tool through Aegis, and gives what may be gone on with. Rejects with
 * `ActionRefusedError`, and with what the tool itself throws.
 */
export async function governedCall(
  runtime: AegisRuntime,
  name: string,
  input: unknown,
  run: (params: JsonObject) => unknown,
  { target = 'tools' }: GovernOptions,
): Promise<unknown> {
  let thrown: { readonly error: unknown } | undefined;
  const result = await runtime.runOne(new Action(name, target, asJsonObject(input)), {
    execute: async (params) => {
      try {
        return asJson(await lastOf(run(params)));
      } catch (error) {
        thrown = { error };
        throw error;
      }
    },
  });
  switch (result.status) {
    case 'success':
      return unwrapped(result.value);
    case 'failed':
      // SECURITY: what is masked in an error reaches no model through the error itself.
      if (thrown !== undefined && textOf(thrown.error) === result.error) throw thrown.error;
      throw new Error(result.error);
    case 'blocked':
    case 'denied':
      throw new ActionRefusedError(result);
    case 'skipped':
      throw new TypeError('a governed call is never skipped');
  }
}

/** The value in the only member of a result that was no object. */
function unwrapped(value: JsonObject): Json {
  const names = Object.keys(value);
  return names.length === 1 && names[0] === 'value' ? (value['value'] ?? null) : value;
}

/** Of a tool that gives preliminary values, the last one: nothing is released before the whole is judged. */
async function lastOf(value: unknown): Promise<unknown> {
  const given = await value;
  if (typeof given !== 'object' || given === null || !(Symbol.asyncIterator in given)) return given;
  let last: unknown;
  for await (const one of given as AsyncIterable<unknown>) last = one;
  return last;
}
