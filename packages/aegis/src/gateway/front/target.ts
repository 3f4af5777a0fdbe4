import { isJsonObject, type JsonObject, type Resource } from '@aegis/core';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { UpstreamServer } from '../upstream/server.ts';
import { quoted } from './denial.ts';

/** What a governed request acts on, and what its upstream would be sent. */
export interface Target {
  readonly upstream: UpstreamServer;
  readonly resource: Resource;
  /** What is judged. */
  readonly args: JsonObject;
  /**
   * What is sent: the judged arguments, and names.
   *
   * SECURITY: nothing else of the client's message goes on, its `_meta` included.
   */
  readonly params: JsonObject;
}

export type TargetReading =
  | { readonly kind: 'target'; readonly target: Target; readonly unknown: string }
  /** There is no such thing; `unknown` says so. */
  | { readonly kind: 'unknown'; readonly unknown: string }
  | { readonly kind: 'invalid'; readonly message: string };

/** Reads the parameters of one governed method. */
export type TargetReader = (params: JsonObject, catalogue: Catalogue) => TargetReading;

/** The methods that act on an upstream, all of them through the kernel. */
export const TARGET_READERS: ReadonlyMap<string, TargetReader> = new Map<string, TargetReader>([
  ['tools/call', (params, catalogue) => readNamed('tool', params, (name) => catalogue.tool(name))],
  ['prompts/get', (params, catalogue) => readNamed('prompt', params, (name) => catalogue.prompt(name))],
  ['resources/read', readResource],
]);

function readNamed(
  what: 'tool' | 'prompt',
  { name, arguments: args = {} }: JsonObject,
  find: (name: string) => ReturnType<Catalogue['tool']>,
): TargetReading {
  if (typeof name !== 'string') return { kind: 'invalid', message: '`name` must be a string' };
  if (!isJsonObject(args)) return { kind: 'invalid', message: '`arguments` must be an object' };
  const unknown = `there is no ${what} ${quoted(name)}`;
  const entry = find(name);
  if (entry === undefined) return { kind: 'unknown', unknown };
  const { upstream, resource, own } = entry;
  const target = { upstream, resource, args, params: { name: own, arguments: args } };
  return { kind: 'target', target, unknown };
}

function readResource({ uri }: JsonObject, catalogue: Catalogue): TargetReading {
  if (typeof uri !== 'string') return { kind: 'invalid', message: '`uri` must be a string' };
  const unknown = `there is no resource ${quoted(uri)}`;
  const route = catalogue.resource(uri);
  if (route === undefined) return { kind: 'unknown', unknown };
  const { upstream, resource } = route;
  return { kind: 'target', target: { upstream, resource, args: { uri }, params: { uri } }, unknown };
}
