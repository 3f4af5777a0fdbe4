import { isJsonObject, type JsonValue, type PolicyModule } from '@aegis/core';

/** Where the parts of `context` come from in the input of modules. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  args: ['request', 'args'],
  method: ['request', 'method'],
  facts: ['facts'],
  taint: ['taint'],
  session: ['session'],
  now: ['now_ns'],
};

/** What every request to Cedar is made of. */
const ALWAYS: PolicyModule['reads'] = [['request']];

/** The paths of the input that policies read, given as Cedar's JSON. A part that is used as a whole is read as a whole. */
export function readsOf(bodies: readonly unknown[]): PolicyModule['reads'] {
  const reads: (readonly string[])[] = [...ALWAYS];
  for (const body of bodies) collect(body as JsonValue, reads);
  return reads;
}

function collect(node: JsonValue, reads: (readonly string[])[]): void {
  if (Array.isArray(node)) {
    for (const item of node) collect(item as JsonValue, reads);
    return;
  }
  if (!isJsonObject(node)) return;
  const path = pathOf(node);
  if (path === undefined) {
    for (const child of Object.values(node)) collect(child, reads);
    return;
  }
  const [part, ...rest] = path;
  if (part === undefined) reads.push([]);
  else reads.push([...(SOURCES[part] ?? []), ...rest]);
}

/** The attributes from `context` to an expression; undefined for one that begins elsewhere. */
function pathOf(node: JsonValue): readonly string[] | undefined {
  if (!isJsonObject(node)) return undefined;
  if (node['Var'] === 'context') return [];
  const step = node['.'] ?? node['has'];
  if (!isJsonObject(step) || step['left'] === undefined) return undefined;
  const before = pathOf(step['left']);
  const { attr } = step;
  if (before === undefined || attr === undefined) return undefined;
  return [...before, ...(Array.isArray(attr) ? (attr as string[]) : [String(attr)])];
}
