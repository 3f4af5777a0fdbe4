import type { JsonObject, JsonValue } from '../../src/model/json.ts';
import type { Capability } from '../../src/model/capability.ts';
import type { ArgumentKind } from '../../src/manifest/manifest.ts';
import { Lineage } from '../../src/taint/lineage.ts';

export interface Reading {
  readonly server?: string;
  readonly labels?: readonly string[];
  readonly steers?: boolean;
  readonly callId?: string;
}

/** Reads a result as a whole. */
export function read(
  lineage: Lineage,
  content: JsonValue,
  { server = 'web', labels = ['external'], steers = false, callId = 'call_1' }: Reading = {},
): Lineage {
  for (const _ of lineage.receive({ callId, server, labels, steers, content })) continue;
  return lineage;
}

/** A session that has read one text. */
export function after(text: string, reading: Reading = {}): Lineage {
  return read(new Lineage(7), { content: [{ type: 'text', text }] }, reading);
}

/** Where the arguments of a call of another server come from. */
export function trace(
  lineage: Lineage,
  args: JsonObject,
  {
    server = 'mail',
    capabilities = ['message.send'],
    kinds = {},
  }: {
    readonly server?: string;
    readonly capabilities?: readonly Capability[];
    readonly kinds?: Readonly<Record<string, ArgumentKind['kind']>>;
  } = {},
) {
  const declared = new Map(Object.entries(kinds).map(([path, kind]) => [path, { kind } as ArgumentKind]));
  return lineage.trace({ server, capabilities, args, kinds: declared });
}

/** Pointers of what is tainted. */
export function taintedBy(lineage: Lineage, args: JsonObject): readonly string[] {
  return trace(lineage, args).taints.map(({ at }) => at);
}
