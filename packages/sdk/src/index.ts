export { Action } from './action.ts';
export {
  AegisClient,
  type EventFilter,
  type LedgerEvent,
  type SessionState,
  type Verification,
} from './client.ts';
export { DaemonDoor } from './daemon-door.ts';
export type {
  Decision,
  Denial,
  Door,
  Handoff,
  HandoffRequest,
  Outcome,
  Proposal,
  ProposedAction,
  Receipt,
} from './door.ts';
export { AegisRequestError } from './errors.ts';
export type { DaemonOptions } from './http.ts';
export type { Json, JsonObject } from './json.ts';
export type { Plan, PlanOptions, PlanResult, Step } from './plan.ts';
export { describe, type Result } from './result.ts';
export type { ActionOptions, Executor } from './execution.ts';
export { AegisRuntime, type Hooks, type RuntimeOptions } from './runtime.ts';
