import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts';
import type { Phase, Reason, ReasonCode } from '../../model/reason.ts';
import { printable } from '../../printable.ts';
import { quote } from '../quote.ts';
import { MASK_KINDS, type MaskKind } from '../rule.ts';
import type { Evaluated, Objection } from './module.ts';

/** Masks to add, and limits that count where they are smaller. */
export interface Constraints {
  readonly mask: readonly MaskKind[];
  /** Milliseconds. */
  readonly timeoutMs: number | undefined;
  readonly maxOutputBytes: number | undefined;
}

/** What a module says of a call. An `allow` lets nothing through that the rules do not. */
export interface ModuleAnswer {
  readonly outcome: Outcome;
  readonly reasons: readonly [Reason, ...Reason[]];
  readonly constraints: Constraints;
}

const OUTCOMES = ['allow', 'deny', 'require_approval'] as const;
type Outcome = (typeof OUTCOMES)[number];

/** The codes that a policy can give with an outcome; the others tell what Aegis itself met. The first is the standard one. */
const CODES: Readonly<Record<Outcome, readonly [ReasonCode, ...ReasonCode[]]>> = {
  allow: ['OK', 'POLICY_ALLOW'],
  require_approval: ['APPROVAL_REQUIRED'],
  deny: [
    'POLICY_DENY',
    'DEFAULT_DENY',
    'PERMISSION_UNDECLARED',
    'EGRESS_DENY',
    'EXEC_DENY',
    'FS_DENY',
    'BUDGET_EXCEEDED',
    'RATE_LIMITED',
    'LOOP_DETECTED',
    'TAINTED_TO_HIGH_RISK',
    'GUARD_SQL',
    'GUARD_SHELL',
    'GUARD_PATH',
    'GUARD_SSRF',
    'GUARD_PROMPT',
    'GUARD_PII',
    'GUARD_SECRET',
    'THREAT_SCORE',
    'PRECONDITION_FAILED',
  ],
};

const PHASE: Readonly<Record<Outcome, Phase>> = {
  allow: 'obligations',
  require_approval: 'approval',
  deny: 'rules',
};

const NO_CONSTRAINTS: Constraints = { mask: [], timeoutMs: undefined, maxOutputBytes: undefined };

/** Most messages of a set that are repeated. */
const MAX_MESSAGES = 8;
/** Longest message, in UTF-16 units: it stands in the record, which is bounded. */
const MAX_MESSAGE = 500;
const MAX_LIMIT = 1_000_000_000;

type Answered = Extract<Evaluated, { kind: 'value' | 'objections' }>;

/**
 * Reads what a module gave: a decision, a list (in Rego a set) of messages of which each denies, or objections.
 *
 * SECURITY: anything else denies, whatever it says.
 */
export function readAnswer(rule: string, given: Answered): ModuleAnswer {
  if (given.kind === 'objections') return fromObjections(rule, given.objections);
  const { value } = given;
  try {
    return Array.isArray(value) ? fromMessages(rule, value) : fromDecision(rule, value);
  } catch (error) {
    if (!(error instanceof WrongShape)) throw error;
    return unanswered(rule, { kind: 'fault', message: error.message });
  }
}

/** The denial by a module that gave no document. */
export function unanswered(rule: string, evaluated: Exclude<Evaluated, Answered>): ModuleAnswer {
  const why = evaluated.kind === 'undefined' ? 'it is undefined for this call' : plain(evaluated.message);
  const reason: Reason = {
    code: 'POLICY_DENY',
    phase: 'rules',
    rule,
    message: `the policy ${quote(rule)} cannot judge the call: ${why}`,
    remedy: 'report this to the owner of the policy',
  };
  return { outcome: 'deny', reasons: [reason], constraints: NO_CONSTRAINTS };
}

/** Ends the reading of a document; `message` says what is wrong with it. */
class WrongShape extends Error {}

function fromMessages(rule: string, messages: readonly JsonValue[]): ModuleAnswer {
  const objections = messages.map((message) => {
    if (typeof message === 'string') return { by: rule, text: message };
    throw new WrongShape('a denial message is no text');
  });
  return fromObjections(rule, objections);
}

function fromObjections(rule: string, objections: readonly Objection[]): ModuleAnswer {
  const [first, ...others] = objections.slice(0, MAX_MESSAGES);
  if (first === undefined) {
    return { outcome: 'allow', reasons: [reasonOf(rule, 'allow', 'OK')], constraints: NO_CONSTRAINTS };
  }
  const reason = ({ by, text }: Objection): Reason => reasonOf(by, 'deny', 'POLICY_DENY', text);
  const more = objections.length - MAX_MESSAGES;
  const rest = more > 0 ? [...others, { by: rule, text: `${more} more objections` }] : others;
  return { outcome: 'deny', reasons: [reason(first), ...rest.map(reason)], constraints: NO_CONSTRAINTS };
}

function fromDecision(rule: string, value: JsonValue): ModuleAnswer {
  if (!isJsonObject(value)) throw new WrongShape('it gives neither a decision nor a set of messages');
  refuseUnknown(value, ['outcome', 'reason', 'code', 'constraints'], 'the decision');
  const outcome = OUTCOMES.find((one) => one === value['outcome']);
  if (outcome === undefined) {
    throw new WrongShape('`outcome` is none of `allow`, `deny` and `require_approval`');
  }
  const { reason, code, constraints } = value;
  if (reason !== undefined && typeof reason !== 'string') throw new WrongShape('`reason` is no text');
  const [standard] = CODES[outcome];
  // The agent control plane's own policies give the code as the reason.
  const only = code === undefined ? codeOf(outcome, reason) : undefined;
  const given = code === undefined ? (only ?? standard) : codeOf(outcome, code);
  if (given === undefined) throw new WrongShape(`\`code\` is none that \`${outcome}\` can have`);
  return {
    outcome,
    reasons: [reasonOf(rule, outcome, given, only === undefined ? reason : undefined)],
    constraints: constraints === undefined ? NO_CONSTRAINTS : readConstraints(constraints),
  };
}

function codeOf(outcome: Outcome, value: JsonValue | undefined): ReasonCode | undefined {
  return CODES[outcome].find((code) => code === value);
}

function readConstraints(value: JsonValue): Constraints {
  if (!isJsonObject(value)) throw new WrongShape('`constraints` is no object');
  refuseUnknown(value, ['timeout_ms', 'max_output_bytes', 'mask'], '`constraints`');
  const { mask = [] } = value;
  if (!Array.isArray(mask)) throw new WrongShape('`mask` is no list');
  return {
    mask: mask.map((item: JsonValue) => {
      const kind = MASK_KINDS.find((known) => known === item);
      if (kind === undefined)
        throw new WrongShape(`\`mask\` knows ${MASK_KINDS.map(quote).join(', ')} alone`);
      return kind;
    }),
    timeoutMs: readLimit(value, 'timeout_ms'),
    maxOutputBytes: readLimit(value, 'max_output_bytes'),
  };
}

function readLimit(constraints: JsonObject, key: string): number | undefined {
  const limit = constraints[key];
  if (limit === undefined) return undefined;
  if (typeof limit === 'number' && Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new WrongShape(`\`${key}\` is no whole number from 1 to ${MAX_LIMIT}`);
}

function refuseUnknown(table: JsonObject, known: readonly string[], what: string): void {
  const unknown = Object.keys(table).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new WrongShape(`${what} has an unknown key ${quote(unknown)}`);
}

const STANDARD: Readonly<Record<Outcome, string>> = {
  allow: 'allowed by the policy',
  deny: 'denied by the policy',
  require_approval: "a person's approval is asked for by the policy",
};

const REMEDY: Readonly<Record<Outcome, string | undefined>> = {
  allow: undefined,
  deny: 'make a call that the policy allows, or ask its owner',
  require_approval: 'ask for approval, or make a call that needs none',
};

function reasonOf(rule: string, outcome: Outcome, code: ReasonCode, text?: string): Reason {
  const remedy = REMEDY[outcome];
  return {
    code,
    phase: PHASE[outcome],
    rule,
    message: text === undefined || text === '' ? `${STANDARD[outcome]} ${quote(rule)}` : plain(text),
    ...(remedy === undefined ? {} : { remedy }),
  };
}

/** SECURITY: a policy can repeat what a caller sent: no control characters, no end of the record's room. */
function plain(text: string): string {
  return printable(text.length <= MAX_MESSAGE ? text : `${text.slice(0, MAX_MESSAGE)}...`);
}
