import { isJsonObject, type JsonObject, type JsonValue, type Resource } from '@aegis/core';
import type { CatalogueView } from '../catalogue/view.ts';
import type { UpstreamServer } from '../upstream/server.ts';
import { quoted } from './denial.ts';
import type { TargetReading } from './target-reading.ts';

/** Where what a completion is for is found, and how its server calls it. */
interface Completed {
  readonly upstream: UpstreamServer;
  readonly resource: Resource;
  readonly ref: JsonObject;
}

/**
 * Reads `completion/complete`. It is judged as the prompt or resource that it completes, with what
 * the client has typed beside it.
 */
export function readCompletion(
  { ref, argument, context }: JsonObject,
  catalogue: CatalogueView,
): TargetReading {
  const known = readArguments(context);
  if (
    !isJsonObject(argument) ||
    !isText(argument['name']) ||
    !isText(argument['value']) ||
    known === undefined
  ) {
    const message = '`argument` needs `name` and `value`, and `context.arguments` holds strings';
    return { kind: 'invalid', message };
  }
  const found = isJsonObject(ref) ? find(ref, catalogue) : undefined;
  if (found === undefined) {
    return { kind: 'invalid', message: '`ref` must name a prompt or the URI of a resource' };
  }
  if ('unknown' in found) return { kind: 'unknown', ...found };
  const { name, value } = argument;
  const { upstream, resource } = found;
  const params = {
    ref: found.ref,
    argument: { name, value },
    ...(Object.keys(known).length === 0 ? {} : { context: { arguments: known } }),
  };
  const target = { upstream, resource, args: judged(resource, params), params };
  return { kind: 'target', target, unknown: `there is nothing to complete ${quoted(resource.name)} with` };
}

// SECURITY: the names are the client's own: beside what a rule asks of a resource or a prompt, one of them
// could stand for it.
function judged({ kind, name }: Resource, { argument, context }: JsonObject): JsonObject {
  return {
    ...(kind === 'resource' ? { uri: name } : {}),
    argument: argument ?? null,
    ...(context === undefined ? {} : { context }),
  };
}

function find(
  { type, name, uri }: JsonObject,
  catalogue: CatalogueView,
): Completed | { readonly unknown: string } | undefined {
  if (type === 'ref/prompt' && isText(name)) {
    const entry = catalogue.prompt(name);
    if (entry === undefined) return { unknown: `there is no prompt ${quoted(name)}` };
    const { upstream, resource, own } = entry;
    return { upstream, resource, ref: { type, name: own } };
  }
  if (type !== 'ref/resource' || !isText(uri)) return undefined;
  const listed = catalogue.list('resourceTemplates').find(({ own }) => own === uri);
  const { upstream, resource } = listed ?? catalogue.resource(uri) ?? {};
  if (upstream === undefined || resource === undefined)
    return { unknown: `there is no resource ${quoted(uri)}` };
  return { upstream, resource, ref: { type, uri } };
}

function readArguments(context: JsonValue | undefined): Readonly<Record<string, string>> | undefined {
  if (context === undefined) return {};
  if (!isJsonObject(context)) return undefined;
  const { arguments: known = {} } = context;
  if (!isJsonObject(known)) return undefined;
  return Object.values(known).every(isText) ? (known as Readonly<Record<string, string>>) : undefined;
}

function isText(value: JsonValue | undefined): value is string {
  return typeof value === 'string';
}
