import type { JsonObject } from '@aegis/core';
import type { Kernel, SessionHandle } from '../../../enforce/door.ts';
import type { CatalogueView } from '../../catalogue/view.ts';
import { shownOf } from '../../catalogue/listing.ts';
import type { CatalogueEntry } from '../../catalogue/entry.ts';
import type { ListKind } from '../../upstream/server.ts';
import { USE_OF } from '../listed.ts';
import { pageOf } from '../page.ts';

/** Who looks at which endpoint. */
export interface Viewer {
  readonly kernel: Kernel;
  readonly handle: SessionHandle;
  readonly catalogue: CatalogueView;
}

/** One page of what a caller may see in its run; undefined for a cursor that is none of ours. */
export function listPage(
  { kernel, handle, catalogue }: Viewer,
  kind: ListKind,
  cursor: unknown,
  pageSize: number,
): JsonObject | undefined {
  const shown = shownOf(catalogue.list(kind), ({ resource }) =>
    kernel.visible(handle, USE_OF[kind], resource),
  );
  const page = pageOf(shown, cursor, pageSize);
  if (page === undefined) return undefined;
  const items = page.items.map(({ definition }) => withoutTasks(definition));
  const { nextCursor } = page;
  return nextCursor === undefined ? { [kind]: items } : { [kind]: items, nextCursor };
}

/** In this revision no tool is called as a task. */
function withoutTasks(definition: JsonObject): JsonObject {
  if (definition['execution'] === undefined) return definition;
  const { execution: _, ...rest } = definition;
  return rest;
}

/** A tool as the caller's list shows it; undefined for one that it does not show. */
export function shownTool({ kernel, handle, catalogue }: Viewer, name: string): CatalogueEntry | undefined {
  const tool = catalogue.tool(name);
  const entries = tool === undefined ? (catalogue.fanOut(name)?.members ?? []) : [tool];
  return entries.find(({ resource }) => kernel.visible(handle, USE_OF.tools, resource));
}
