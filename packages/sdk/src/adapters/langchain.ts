import type { AegisRuntime } from '../runtime.ts';
import { ActionRefusedError, type GovernOptions, governedCall } from './governed-call.ts';

export { ActionRefusedError, type GovernOptions };

/** A tool of LangChain.js, as far as it is looked at. */
interface LangChainTool {
  readonly name: string;
  invoke(input: never, options?: never): Promise<unknown>;
}

type Call = (input: unknown, manager: unknown, config: unknown) => unknown;

/**
 * The tools of LangChain.js, governed: `createAgent({ tools: governed(tools, runtime) })`. They stay what
 * they are (schemas, callbacks, `instanceof`); what carries them out is taken through Aegis.
 */
export function governed<T extends LangChainTool>(
  tools: readonly T[],
  runtime: AegisRuntime,
  options: GovernOptions = {},
): T[] {
  return tools.map((tool) => {
    const call = (tool as { readonly _call?: unknown })._call;
    if (typeof call !== 'function')
      throw new TypeError(`\`${tool.name}\` is no tool of LangChain that can be governed`);
    const governedTool = Object.create(tool) as T & { _call: Call };
    governedTool._call = (input, manager, config) =>
      governedCall(
        runtime,
        tool.name,
        input,
        (params) =>
          (call as Call).call(tool, typeof input === 'string' ? params['value'] : params, manager, config),
        options,
      );
    return governedTool;
  });
}
