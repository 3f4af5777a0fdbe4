export type { Approval, Standing } from './approval/approval.ts';
export { ApprovalBook } from './approval/book.ts';
export { argumentDiff } from './approval/diff.ts';
export {
  type Grant,
  type GrantedArguments,
  globProblem,
  grantCovers,
  grantDraft,
  grantedJson,
  isGlob,
  MAX_GRANT_MS,
  readGranted,
} from './approval/grant.ts';
export { barredFrom, judgeApproval, quorumOf } from './approval/judge.ts';
export {
  type ApprovalQuestion,
  bindingText,
  covers,
  groundsOf,
  questionJson,
  readQuestion,
  tagged,
} from './approval/question.ts';
export { type Ballot, voteDraft } from './approval/vote.ts';
export type { CaseCall, PolicyCase } from './cases/case.ts';
export type { CaseHost } from './cases/case-host.ts';
export { parseInstant } from './cases/instant.ts';
export { type CallGround, representativeCalls } from './cases/representative.ts';
export { NEW_SESSION, readCases } from './cases/read-cases.ts';
export { type DecisionRequest, readDecisionRequest } from './cases/read-request.ts';
export { establish, type TriedCall } from './cases/establish.ts';
export { passageOf, type PastCall, pastCall, type PastDecision } from './cases/past-call.ts';
export {
  type CaseResult,
  inputOfCase,
  questionsOfCase,
  runCase,
  untried,
} from './cases/run-case.ts';
export { counted } from './counted.ts';
export { decide } from './decide.ts';
export { questionsOf } from './decide/consultation.ts';
export {
  type Explanation,
  explain,
  type LayerLine,
  type PhaseLine,
  type RuleLine,
} from './decide/explain.ts';
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
export { type AlertRule, openAlerts } from './export/alert.ts';
export { MetricsFold } from './export/metrics.ts';
export type { ExportRecord } from './export/record.ts';
export { redact } from './export/redact.ts';
export {
  EXPORT_FORMATS,
  type ExportFormat,
  messageOf,
  openRendering,
  type Rendering,
} from './export/rendering.ts';
export { type Summary, SummaryFold, summaryJson } from './export/summary.ts';
export { summaryHtml, summaryMarkdown } from './export/summary-page.ts';
export { decideOnBehalf } from './handoff/authority.ts';
export { chainProblem, type Delegator } from './handoff/delegator.ts';
export { mapRoles, type RoleGrant } from './identity/role-mapping.ts';
export { type Permission, permissionsOf, ROLES, type Role } from './identity/roles.ts';
export {
  KILL_SCOPES,
  killCause,
  type KillScope,
  type KillSwitch,
  type KillTarget,
  killTargetText,
  stops,
} from './kill/kill-switch.ts';
export { parseKillTarget, editKillFile, readKillFile } from './kill/kill-file.ts';
export { endsStop, killDraft, thrownBy } from './kill/switched.ts';
export { killedReason } from './decide/killed.ts';
export { checkModels } from './decide/limits-phase.ts';
export { nearlySpent } from './budget/warning.ts';
export type { ModelBudget, ModelPrice } from './budget/model-budget.ts';
export { LOOP_ACTIONS, type LoopSettings, type LoopThreshold, MAX_ROUNDS } from './loop/loop-settings.ts';
export { RateBook, type RateReading } from './rate/rate-book.ts';
export {
  type CompiledRate,
  MAX_RATE_WINDOW_MS,
  MAX_RATES,
  RATE_KEYS,
  type RateLimit,
} from './rate/rate-limit.ts';
export { comparesAnswers } from './decide/loop-phase.ts';
export type { SequenceRule, SequenceStep } from './sequence/sequence.ts';
export { answerDirection, argumentDirection, withContent } from './inspect/content/call-content.ts';
export {
  CLASSIFIER_FAILURES,
  type ClassifierFailure,
  classifiableText,
  classifiedFindings,
  type Opinion,
} from './inspect/content/classified.ts';
export type { ContentNeeds } from './inspect/content/content-needs.ts';
export type { ContentTexts } from './inspect/content/content-text.ts';
export {
  type ContentScan,
  scanContent,
  scanContentAtOnce,
  scanTextsAtOnce,
  textsToScan,
} from './inspect/content/scan-content.ts';
export { inspectDefinition } from './inspect/definition/inspect-definition.ts';
export { inspect } from './inspect/inspect.ts';
export { INSPECTED_KINDS, type InspectedKind } from './inspect/inspected-kind.ts';
export { judge, type Judgement, type JudgementOptions } from './inspect/judgement.ts';
export { type MaskedResult, maskResult } from './inspect/pii/mask-result.ts';
export type { Masks } from './inspect/pii/masks.ts';
export {
  type CompiledPattern,
  compilePersonalPattern,
  PATTERN_ACTIONS,
  type PersonalPattern,
} from './inspect/pii/pattern.ts';
export type { InspectPlatform } from './inspect/platform.ts';
export { score } from './inspect/score.ts';
export { compileKnownValues, type KnownValues, NO_KNOWN_VALUES } from './inspect/secret/known-values.ts';
export { readShell, type ShellReading } from './inspect/shell/read-shell.ts';
export type { ShellParser } from './inspect/shell/tree.ts';
export type { SqlParsers } from './inspect/sql/parsers.ts';
export { parseExact } from './json/exact.ts';
export { parseStrict } from './json/strict.ts';
export {
  EventCheck,
  type BundledEvent,
  commitmentsOf,
  type JudgedEvent,
} from './ledger/bundle/event-check.ts';
export { checkBody } from './ledger/entry-check.ts';
export { formatInstallationProof } from './ledger/bundle/installation.ts';
export {
  BUNDLE_LEVELS,
  type BundleFinding,
  type BundleLevel,
  type LevelResult,
  type LevelState,
} from './ledger/bundle/level.ts';
export { type BlobLine, formatBlobLine, parseBlobLine, parseLeaf } from './ledger/bundle/lines.ts';
export {
  BUNDLE_FORMAT,
  type BundleManifest,
  formatManifest,
  parseManifest,
} from './ledger/bundle/manifest.ts';
export { type Anchors, type CheckedNotes, checkNotes } from './ledger/bundle/note-check.ts';
export { BLOBS_FILE, parseTilePath, UNLISTED_FILES } from './ledger/bundle/path.ts';
export type { BundleScope } from './ledger/bundle/scope.ts';
export { isLeaf, TileProof } from './ledger/bundle/tile-proof.ts';
export type { Trust } from './ledger/bundle/trust.ts';
export { canonicalJson } from './ledger/canonical.ts';
export { seal } from './ledger/chain.ts';
export { splitSealed } from './ledger/commitment.ts';
export { eventSchema } from './ledger/event-schema.ts';
export { type ChainHead, checkExtension } from './ledger/extension.ts';
export type { LedgerFinding } from './ledger/finding.ts';
export { decodeBase64, encodeBase64 } from './ledger/log/base64.ts';
export {
  type Checkpoint,
  type ExtensionLines,
  formatCheckpoint,
  type OpenedCheckpoint,
  openCheckpoint,
  parseCheckpoint,
} from './ledger/log/checkpoint.ts';
export { consistencyProof, verifyConsistency } from './ledger/log/consistency.ts';
export {
  type Cosignature,
  cosignature,
  cosignatureMessage,
  verifyCosignatures,
} from './ledger/log/cosignature.ts';
export { parseDecimal } from './ledger/log/decimal.ts';
export { type FullTile, type Growth, growTree, rootOf } from './ledger/log/grow.ts';
export {
  EMPTY_ROOT,
  equalHashes,
  HASH_BYTES,
  leafHash,
  leafHasher,
  leafSlot,
  leafWriter,
  nodeHash,
} from './ledger/log/hash.ts';
export { bytesToHex, hexToBytes } from './ledger/log/hex.ts';
export { inclusionProof, leafHashAt, verifyInclusion } from './ledger/log/inclusion.ts';
export {
  formatVerifierKey,
  type KeyAlgorithm,
  keyId,
  parseVerifierKey,
  type VerifierKey,
  type VerifySignature,
  verifierKey,
} from './ledger/log/key.ts';
export {
  formatNote,
  type NoteSignature,
  parseNote,
  parseSignatures,
  type SignedNote,
  signatureLine,
} from './ledger/log/note.ts';
export {
  hashesAt,
  TILE_HASHES,
  type TileCoordinate,
  tilePath,
  tilesOf,
  tileWidth,
} from './ledger/log/tile.ts';
export type { TileReader } from './ledger/log/tile-reader.ts';
export { formatLogProof, type LogProof, openLogProof, parseLogProof } from './ledger/log/tlog-proof.ts';
export { checkPayload } from './ledger/payloads.ts';
export { MAX_ERASED_HASHES } from './ledger/payloads/upkeep.ts';
export { positionSince } from './ledger/position-since.ts';
export { checkTransition } from './ledger/transitions.ts';
export { endProblem, sealedEnvelope } from './ledger/sealed-envelope.ts';
export { LedgerVerifier, type LogHead, type SessionHead } from './ledger/verify.ts';
export { signedText, treeDigest } from './manifest/agent/integrity.ts';
export type { AgentGrant, AgentManifest, AgentSignature } from './manifest/agent/manifest.ts';
export { readAgentManifest } from './manifest/agent/read.ts';
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
export type { ActivationCause } from './model/activation.ts';
export { ANYBODY, type ApproverRequirement, MAX_QUORUM } from './model/approver.ts';
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
export {
  type Declassification,
  LABEL,
  MAX_LABELS,
  MAX_RECORDED_TAINTS,
  NO_TAINTS,
  type TaintFact,
  type TaintFacts,
} from './model/taint.ts';
export { type Band, BANDS, type ThreatScore } from './model/threat.ts';
export type { Digest, Sha256 } from './model/hash.ts';
export { isJsonObject, type JsonArray, type JsonObject, type JsonValue } from './model/json.ts';
export {
  CLIENT_REQUESTS,
  type ClientRequest,
  grantOf,
  isClientRequest,
  needsNoRule,
} from './model/method.ts';
export { PIN_STATES, PINNED_KINDS, type PinnedKind, type PinState } from './model/pin.ts';
export { PHASES, type Phase, REASON_CODES, type Reason, type ReasonCode } from './model/reason.ts';
export type { AccessRequest, Action, Door, Resource, ResourceKind, Subject } from './model/request.ts';
export {
  type BundleSignature,
  bundleFingerprint,
  bundleSignedText,
  bundleValue,
  formatPolicyBundle,
  POLICY_BUNDLE,
  type PolicyBundle,
  readPolicyBundle,
} from './policy/bundle.ts';
export { type CompiledPolicy, compilePolicy, type PolicyLayer } from './policy/compile.ts';
export type { PolicyPart, WrittenPart } from './policy/read-rules.ts';
export {
  formatPolicySnapshot,
  POLICY_SNAPSHOT,
  type PolicySnapshot,
  readPolicySnapshot,
} from './policy/snapshot.ts';
export {
  answerTo,
  type BandAnswers,
  CALL_ANSWERS,
  type CallAnswer,
  GUARDED_BANDS,
  GUARDED_KINDS,
  type GuardSettings,
  PERSONAL_ANSWERS,
} from './policy/guard-settings.ts';
export { scoreText } from './decide/threat-phase.ts';
export { bothObligations } from './policy/obligations.ts';
export { DEFAULT_SETTINGS, type PolicyLimits, type PolicySettings } from './policy/settings.ts';
export { isInputPath } from './policy/module/document.ts';
export type {
  Evaluated,
  ModuleInput,
  ModuleQuestion,
  Objection,
  Opinions,
  PolicyModule,
} from './policy/module/module.ts';
export { POLICY_SCHEMA, RULE_SCHEMA } from './policy/rule-schema.ts';
export { PII_KINDS } from './policy/rule.ts';
export { printable } from './printable.ts';
export { type AgentDraft, type Drafted, draftAgentManifest } from './scan/draft/agent-manifest.ts';
export { draftOfObservation, type Observation, type ObservedCall } from './scan/draft/observed-draft.ts';
export { draftServerManifest } from './scan/draft/server-manifest.ts';
export { draftOfSkill } from './scan/draft/skill-draft.ts';
export type { ScannedEntry } from './scan/entry.ts';
export type { ScanFinding } from './scan/finding.ts';
export type { Reach } from './scan/reach.ts';
export { scanDefinitions } from './scan/rules/definitions.ts';
export { SCAN_RULES } from './scan/rules/rules.ts';
export { sarifLog } from './scan/sarif.ts';
export { type ScanReport, scanEntries } from './scan/scan.ts';
export { fold, startSnapshot } from './session/fold.ts';
export { type CallStage, LOOP_WINDOW, type Receipt, type Snapshot } from './session/snapshot.ts';
export { readDocument, type SourceDocument } from './source/document.ts';
export { suggest } from './source/suggest.ts';
export { type ManifestDraft, manifestDraft } from './suggest/manifest-draft.ts';
export { type Remedy, smallestRule, withDrafted } from './suggest/smallest-rule.ts';
export {
  appliedDraft,
  type Clearance,
  clearanceDraft,
  Clearances,
} from './taint/clearance.ts';
export { LineageFold } from './taint/fold.ts';
export { labelsOf, UNTRUSTED } from './taint/labels.ts';
export { Lineage } from './taint/lineage.ts';
export { type Sanitizer, sanitize } from './taint/sanitizer.ts';
export { DEFAULT_SINKS, type TaintSettings } from './taint/settings.ts';
export { writtenBy } from './taint/written.ts';
export { THREATS, THREATS_VERSION } from './threat/library.ts';
export { THREAT_FAMILIES } from './threat/threat.ts';
