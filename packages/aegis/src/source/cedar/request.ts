import type { CedarValueJson, EntityJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs';
import { grantOf, type JsonObject, type JsonValue, type ModuleInput } from '@aegis/core';
import { type CedarType, cedarRecord } from './value.ts';

/** A call as Cedar is asked about it. */
export interface CedarRequest {
  readonly principal: TypeAndId;
  readonly action: TypeAndId;
  readonly resource: TypeAndId;
  readonly context: Record<string, CedarValueJson>;
  /** What the call itself says of its entities. */
  readonly entities: readonly EntityJson[];
}

interface Called {
  readonly method: string;
  readonly server: string;
  readonly tool?: string;
  readonly resource?: string;
  readonly prompt?: string;
  readonly args: JsonObject;
  readonly agent: string;
  readonly tenant: string;
  readonly user: string;
}

interface Facts {
  readonly findings?: readonly { readonly id: string }[];
}

/** What the schema says of the context of an action; undefined without a schema. */
export type ContextType = (action: string) => CedarType | undefined;

/** Throws `Unspeakable`. */
export function cedarRequest(input: ModuleInput, contextType: ContextType | undefined): CedarRequest {
  const called = input['request'] as unknown as Called;
  const { method, server, tool, agent, tenant, user } = called;
  const principal = { type: 'Agent', id: agent };
  const home = { type: 'Tenant', id: tenant };
  const place = { type: 'Server', id: server };
  const resource = resourceOf(called);
  const kind = tool !== undefined ? 'tool' : resource.type === 'Resource' ? 'resource' : 'prompt';
  const shared = { type: 'Action', id: grantOf(method, kind) ?? method };
  const action = tool === undefined ? shared : { type: 'Action', id: `${server}.${tool}` };
  const type = contextType?.(action.id);
  return {
    principal,
    action,
    resource,
    context: contextOf(input, called, type, contextType !== undefined),
    entities: [
      { uid: principal, attrs: { tenant, user }, parents: [home] },
      { uid: home, attrs: {}, parents: [] },
      { uid: place, attrs: {}, parents: [] },
      ...(resource.type === 'Server'
        ? []
        : [{ uid: resource, attrs: { name: nameOf(called), server }, parents: [place] }]),
      // With a schema actions are as it has them.
      ...(contextType === undefined
        ? [
            { uid: shared, attrs: {}, parents: [] },
            ...(tool === undefined ? [] : [{ uid: action, attrs: {}, parents: [shared] }]),
          ]
        : []),
    ],
  };
}

function nameOf({ tool, resource, prompt }: Called): string {
  return tool ?? resource ?? prompt ?? '';
}

function resourceOf({ server, tool, resource, prompt }: Called): TypeAndId {
  if (tool !== undefined) return { type: 'Tool', id: `${server}.${tool}` };
  if (resource !== undefined) return { type: 'Resource', id: resource };
  if (prompt !== undefined) return { type: 'Prompt', id: `${server}.${prompt}` };
  return { type: 'Server', id: server };
}

function contextOf(
  { facts, taint, session, now_ns }: ModuleInput,
  { method, args }: Called,
  type: CedarType | undefined,
  complete: boolean,
): Record<string, CedarValueJson> {
  const known = type?.attributes ?? (complete ? {} : undefined);
  const { findings, ...others } = (facts ?? {}) as JsonObject & Facts;
  const ids = [...new Set((findings ?? []).map(({ id }) => id))];
  const found: JsonObject = findings === undefined && !complete ? {} : { findings: ids };
  const parts: Record<string, JsonValue> = {
    args,
    method,
    ...(facts === undefined ? {} : { facts: { ...others, ...found } }),
    ...(taint === undefined ? {} : { taint: taint as JsonValue }),
    ...(session === undefined ? {} : { session: session as JsonValue }),
  };
  return {
    ...cedarRecord(parts, known),
    ...(now_ns === undefined || (known !== undefined && known['now'] === undefined)
      ? {}
      : { now: datetime(now_ns as bigint | number) }),
  };
}

function datetime(nanoseconds: bigint | number): CedarValueJson {
  const ms = Number(BigInt(nanoseconds) / 1_000_000n);
  return { __extn: { fn: 'datetime', arg: new Date(ms).toISOString() } };
}
