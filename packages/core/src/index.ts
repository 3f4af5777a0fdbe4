export { decide } from './decide.ts';
export { type Explanation, explain, type PhaseLine, type RuleLine } from './decide/explain.ts';
export type { DecisionInput } from './decide/input.ts';
export { type Listing, mayAllow } from './decide/may-allow.ts';
export {
  type Diagnostic,
  formatDiagnostic,
  formatDiagnostics,
  type Position,
  sortDiagnostics,
} from './diagnostic.ts';
export { AegisError, assertNever, codeOf, ERRORS, type ErrorCode } from './errors.ts';
export { inspect } from './inspect/inspect.ts';
export { maskResult } from './inspect/pii/mask-result.ts';
export type { InspectPlatform } from './inspect/platform.ts';
export { readShell, type ShellReading } from './inspect/shell/read-shell.ts';
export type { ShellParser } from './inspect/shell/tree.ts';
export type { SqlParsers } from './inspect/sql/parsers.ts';
export { parseExact } from './json/exact.ts';
export { parseStrict } from './json/strict.ts';
export { canonicalJson } from './ledger/canonical.ts';
export { seal } from './ledger/chain.ts';
export { splitSealed } from './ledger/commitment.ts';
export { type ChainHead, checkExtension } from './ledger/extension.ts';
export type { LedgerFinding } from './ledger/finding.ts';
export { EMPTY_LOG_HASH, extendLog } from './ledger/log-chain.ts';
export { checkTransition } from './ledger/transitions.ts';
export { LedgerVerifier, type LogHead, type SessionHead } from './ledger/verify.ts';
export type {
  ArgumentKind,
  ReceiptDefinition,
  ReceiptRequirement,
  ServerManifest,
  SqlDialect,
  ToolManifest,
} from './manifest/manifest.ts';
export { readManifest } from './manifest/read.ts';
export { type LinkedManifests, linkManifests, type PlacedManifest } from './manifest/receipts.ts';
export { CAPABILITIES, type Capability, onlyReads, RISKS, type Risk, riskOf } from './model/capability.ts';
export {
  type Decision,
  type DecisionEffect,
  EFFECTS,
  type Effect,
  MODES,
  type Mode,
  type Obligations,
} from './model/decision.ts';
export {
  type Entry,
  type Envelope,
  EVENT_TYPES,
  type EventDraft,
  type EventType,
  type SealedBlob,
} from './model/event.ts';
export {
  type ContentFact,
  type DefinitionFact,
  type Facts,
  type Finding,
  NO_FACTS,
  type PathFact,
  SEVERITIES,
  type Severity,
  type UrlFact,
} from './model/finding.ts';
export type { Sha256 } from './model/hash.ts';
export { isJsonObject, type JsonArray, type JsonObject, type JsonValue } from './model/json.ts';
export { CLIENT_REQUESTS, type ClientRequest, isClientRequest } from './model/method.ts';
export { PIN_STATES, PINNED_KINDS, type PinnedKind, type PinState } from './model/pin.ts';
export { PHASES, type Phase, REASON_CODES, type Reason, type ReasonCode } from './model/reason.ts';
export type { AccessRequest, Action, Door, Resource, ResourceKind, Subject } from './model/request.ts';
export { type CompiledPolicy, compilePolicy, type PolicyPart } from './policy/compile.ts';
export { DEFAULT_SETTINGS, type PolicyLimits, type PolicySettings } from './policy/settings.ts';
export { PII_KINDS } from './policy/rule.ts';
export { printable } from './printable.ts';
export { fold, startSnapshot } from './session/fold.ts';
export { type CallStage, LOOP_WINDOW, type Receipt, type Snapshot } from './session/snapshot.ts';
export { readDocument, type SourceDocument } from './source/document.ts';
export { suggest } from './source/suggest.ts';
