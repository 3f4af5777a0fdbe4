import { isJsonObject, type JsonObject } from '@aegis/core';

/** Where a message says to which task it belongs (MCP 2025-11-25, tasks). */
const RELATED_TASK = 'io.modelcontextprotocol/related-task';

/** The same members, said to belong to a task; or to none, whatever they said themselves. */
export function withRelatedTask(members: JsonObject, taskId: string | undefined): JsonObject {
  const { _meta: meta, ...rest } = members;
  const { [RELATED_TASK]: _, ...kept } = isJsonObject(meta) ? meta : {};
  const own = taskId === undefined ? kept : { ...kept, [RELATED_TASK]: { taskId } };
  return Object.keys(own).length === 0 ? rest : { ...rest, _meta: own };
}
