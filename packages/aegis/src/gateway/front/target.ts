import { isJsonObject, type JsonObject } from '@aegis/core';
import type { CatalogueEntry } from '../catalogue/entry.ts';
import type { CatalogueView } from '../catalogue/view.ts';
import type { FanOut } from '../routes/fan-out.ts';
import { readCompletion } from './completion.ts';
import { quoted } from './denial.ts';
import type { Target, TargetReading } from './target-reading.ts';

export type { Target, TargetReading } from './target-reading.ts';
export { withArguments } from './target-reading.ts';

/** Reads the parameters of one governed method. */
export type TargetReader = (params: JsonObject, catalogue: CatalogueView) => TargetReading;

/** The methods that act on an upstream, all of them through the kernel. */
export const TARGET_READERS: ReadonlyMap<string, TargetReader> = new Map<string, TargetReader>([
  ['tools/call', readTool],
  ['prompts/get', (params, catalogue) => readNamed('prompt', params, (name) => catalogue.prompt(name))],
  ['resources/read', readResource],
  ['completion/complete', readCompletion],
]);

function readTool(params: JsonObject, catalogue: CatalogueView): TargetReading {
  return readNamed('tool', params, (name) => catalogue.tool(name) ?? catalogue.fanOut(name));
}

function readNamed(
  what: 'tool' | 'prompt',
  { name, arguments: args = {} }: JsonObject,
  find: (name: string) => CatalogueEntry | FanOut | undefined,
): TargetReading {
  if (typeof name !== 'string') return { kind: 'invalid', message: '`name` must be a string' };
  if (!isJsonObject(args)) return { kind: 'invalid', message: '`arguments` must be an object' };
  const unknown = `there is no ${what} ${quoted(name)}`;
  const found = find(name);
  if (found === undefined) return { kind: 'unknown', unknown };
  if (!('members' in found)) return { kind: 'target', target: targetOf(found, args), unknown };
  const targets = found.members.map((member) => targetOf(member, args));
  return { kind: 'fan_out', route: found.route, targets, unknown };
}

function targetOf({ upstream, resource, own }: CatalogueEntry, args: JsonObject): Target {
  return { upstream, resource, args, params: { name: own, arguments: args } };
}

export function readResource({ uri }: JsonObject, catalogue: CatalogueView): TargetReading {
  if (typeof uri !== 'string') return { kind: 'invalid', message: '`uri` must be a string' };
  const unknown = `there is no resource ${quoted(uri)}`;
  const route = catalogue.resource(uri);
  if (route === undefined) return { kind: 'unknown', unknown };
  const { upstream, resource } = route;
  return { kind: 'target', target: { upstream, resource, args: { uri }, params: { uri } }, unknown };
}
