import { canonicalJson } from '../ledger/canonical.ts';
import type { Decision } from '../model/decision.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts';
import type { Reason } from '../model/reason.ts';
import type { ResourceKind } from '../model/request.ts';

/** What an approval is bound to: one call as it was judged. */
export interface ApprovalSubject {
  readonly agent: string;
  readonly user: string;
  readonly method: string;
  readonly server: string;
  readonly kind: ResourceKind;
  readonly name: string;
  readonly args: JsonObject;
  /** Fingerprint of the definition in force; undefined for what is not pinned. */
  readonly definition: string | undefined;
  readonly policyDigest: string;
  /** Why a person is asked: names of rules, and words where no rule asks. Sorted, each once. */
  readonly grounds: readonly string[];
}

/** What a person is asked: the subject, and what helps to judge it. */
export interface ApprovalQuestion extends ApprovalSubject {
  readonly messages: readonly string[];
  readonly capabilities: readonly string[];
  readonly findings: readonly string[];
}

/**
 * What a decision says that asks for a person, each once and sorted: all that does not say that it may run.
 *
 * SECURITY: what is asked because of another agent of a chain is a ground of its own. A word that was given to an agent
 * which acts for itself is none for those on whose behalf it acts.
 */
export function groundsOf({ reasons }: Pick<Decision, 'reasons'>): readonly string[] {
  const asking = reasons.filter(
    ({ code, inShadow }) => code !== 'OK' && code !== 'POLICY_ALLOW' && inShadow !== true,
  );
  return [...new Set(asking.map(groundOf))].toSorted();
}

function groundOf({ rule, message, onBehalfOf }: Reason): string {
  if (rule === undefined) return message;
  return onBehalfOf === undefined ? rule : `on behalf of \`${onBehalfOf}\`: ${rule}`;
}

/**
 * The text whose MAC binds an approval to its call: the canonical arguments, the definition in force and
 * the policy are in it, and so are the approval's id and the moment at which it ends.
 *
 * SECURITY: with the id in it, equal calls have different MACs, and nobody can link them.
 */
export function bindingText(
  approval: { readonly id: string; readonly tenant: string; readonly expiresAtMs: number },
  subject: ApprovalSubject,
): string {
  const { id, tenant, expiresAtMs } = approval;
  return tagged('aegis approval/1', {
    id,
    tenant,
    expires_at_ms: expiresAtMs,
    subject: subjectJson(subject),
  });
}

/** A text to be authenticated, which can be taken for none with another tag. */
export function tagged(tag: string, value: JsonObject): string {
  return `${tag}\n${canonicalJson(value)}`;
}

/**
 * Whether what was approved covers a call as it is judged now: the same in everything, and asked for on no
 * further ground.
 */
export function covers(approved: ApprovalSubject, now: ApprovalSubject): boolean {
  const grounds = new Set(approved.grounds);
  return (
    now.grounds.every((ground) => grounds.has(ground)) &&
    canonicalJson(subjectJson({ ...approved, grounds: [] })) ===
      canonicalJson(subjectJson({ ...now, grounds: [] }))
  );
}

/** A question in wire names, as it is sealed and shown. */
export function questionJson(question: ApprovalQuestion): JsonObject {
  const { messages, capabilities, findings } = question;
  return { ...subjectJson(question), messages, capabilities, findings };
}

function subjectJson(subject: ApprovalSubject): JsonObject {
  const { agent, user, method, server, kind, name, args, definition, policyDigest, grounds } = subject;
  return {
    agent,
    user,
    method,
    server,
    kind,
    name,
    args,
    definition: definition ?? null,
    policy_digest: policyDigest,
    grounds,
  };
}

/** Reads a sealed question; undefined when it is none. What it says is checked by its binding. */
export function readQuestion(value: JsonValue | undefined): ApprovalQuestion | undefined {
  if (!isJsonObject(value)) return undefined;
  const { agent, user, method, server, kind, name, args, definition, policy_digest, grounds } = value;
  const texts = [agent, user, method, server, kind, name, policy_digest];
  if (!texts.every((text) => typeof text === 'string') || !isJsonObject(args)) return undefined;
  return {
    agent: String(agent),
    user: String(user),
    method: String(method),
    server: String(server),
    kind: String(kind) as ResourceKind,
    name: String(name),
    args,
    definition: typeof definition === 'string' ? definition : undefined,
    policyDigest: String(policy_digest),
    grounds: textsOf(grounds),
    messages: textsOf(value['messages']),
    capabilities: textsOf(value['capabilities']),
    findings: textsOf(value['findings']),
  };
}

function textsOf(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
