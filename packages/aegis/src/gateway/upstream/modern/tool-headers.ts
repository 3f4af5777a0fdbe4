import { isJsonObject, type JsonObject } from '@aegis/core';
import { mirrorParams, type ParamHeader, readParamHeaders } from './param-headers.ts';

/** Which headers the tools of one server ask for, as the server listed them last. */
export class ToolHeaders {
  #wanted: ReadonlyMap<string, readonly ParamHeader[]> = new Map();

  /** Takes a whole list of tools, and gives back those that may be listed. */
  take(tools: readonly JsonObject[]): readonly JsonObject[] {
    const wanted = new Map<string, readonly ParamHeader[]>();
    const listed = tools.filter(({ name, inputSchema }) => {
      const headers = readParamHeaders(inputSchema);
      if (typeof name === 'string' && headers !== undefined && headers.length > 0 && !wanted.has(name)) {
        wanted.set(name, headers);
      }
      return headers !== undefined;
    });
    this.#wanted = wanted;
    return listed;
  }

  /** The headers of one call; undefined when its tool asks for none. */
  of({ name, arguments: args }: JsonObject): Readonly<Record<string, string>> | undefined {
    if (this.#wanted.size === 0 || typeof name !== 'string') return undefined;
    const wanted = this.#wanted.get(name);
    if (wanted === undefined || !isJsonObject(args)) return undefined;
    const headers: Record<string, string> = {};
    mirrorParams(wanted, args, headers);
    return headers;
  }
}
