import type { JsonObject } from './json.ts';

/** Through which door an action reached the kernel; `aegis` is none: what Aegis records of its own accord. */
export type Door = 'mcp-stdio' | 'mcp-http' | 'sdk' | 'aegis';

/** Who acts: always established by Aegis, never taken from the payload. */
export interface Subject {
  readonly tenant: string;
  readonly agent: string;
  /** The person on whose behalf the agent acts; the agent's own name when there is none. */
  readonly user: string;
  readonly session: string;
}

export interface Action {
  /** MCP method or door action: `tools/call`, `resources/read`, `prompts/get`. */
  readonly method: string;
  readonly door: Door;
}

export type ResourceKind = 'tool' | 'resource' | 'prompt' | 'server';

/** On what: `name` is the upstream's own spelling (tool name, URI, prompt name). */
export interface Resource {
  readonly kind: ResourceKind;
  readonly server: string;
  readonly name: string;
}

/** One action waiting for a decision (OpenID AuthZEN: subject, action, resource, context). */
export interface AccessRequest {
  /** `call_...`, unique. */
  readonly id: string;
  readonly subject: Subject;
  readonly action: Action;
  readonly resource: Resource;
  readonly args: JsonObject;
  /** Unix time in milliseconds at which the request arrived. */
  readonly nowMs: number;
}
