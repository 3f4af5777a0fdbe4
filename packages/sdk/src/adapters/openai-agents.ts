import type { AegisRuntime } from '../runtime.ts';
import { ActionRefusedError, type GovernOptions, governedCall } from './governed-call.ts';

export { ActionRefusedError, type GovernOptions };

/** A function tool of the OpenAI Agents SDK, as far as it is looked at. */
interface FunctionTool {
  readonly type: string;
  readonly name: string;
  invoke(context: never, input: string, details?: never): Promise<unknown>;
}

/**
 * The function tools of the OpenAI Agents SDK, governed: `new Agent({ tools: governed(tools, runtime) })`.
 * What is refused is answered to the model in words. Hosted tools run elsewhere and are refused here with
 * a `TypeError`: leave them out, or govern what they reach.
 */
export function governed<T extends { readonly type: string }>(
  tools: readonly T[],
  runtime: AegisRuntime,
  options: GovernOptions = {},
): T[] {
  return tools.map((tool) => {
    if (!isFunctionTool(tool))
      throw new TypeError(`a \`${tool.type}\` tool runs where Aegis does not govern it`);
    const invoke = async (context: never, input: string, details?: never): Promise<unknown> => {
      try {
        const run = (params: object) => tool.invoke(context, JSON.stringify(params), details);
        return await governedCall(runtime, tool.name, JSON.parse(input === '' ? '{}' : input), run, options);
      } catch (error) {
        if (error instanceof ActionRefusedError) return error.message;
        throw error;
      }
    };
    return { ...tool, invoke };
  });
}

function isFunctionTool(tool: { readonly type: string }): tool is FunctionTool {
  return tool.type === 'function' && 'invoke' in tool;
}
