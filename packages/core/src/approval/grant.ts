import { canonicalJson } from '../ledger/canonical.ts';
import type { EventDraft } from '../model/event.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts';
import { globTest, MAX_PATTERN_LENGTH, parseGlob } from '../policy/glob.ts';
import { type ApprovalSubject, tagged } from './question.ts';

/** The longest time for which a grant can be given, in milliseconds: a week. */
export const MAX_GRANT_MS = 7 * 24 * 60 * 60 * 1000;

/** Which calls a grant covers without anybody being asked again. */
export interface GrantScope {
  /** Glob. */
  readonly agent: string;
  /** The session in which alone it holds; undefined for every one. */
  readonly session: string | undefined;
  readonly method: string;
  readonly server: string;
  /** Glob on the name of the tool, the prompt or the resource. */
  readonly name: string;
  readonly args: GrantedArguments;
  /** The definition under which it holds; undefined where the name is a glob, or nothing is pinned. */
  readonly definition: string | undefined;
  readonly policyDigest: string;
  /** What it is a person's answer to: a call that is asked about for another reason is not covered. */
  readonly grounds: readonly string[];
  readonly expiresAtMs: number;
}

/** `like`: exactly these arguments, but that those with a glob are texts that it matches. */
export type GrantedArguments =
  | { readonly kind: 'any' }
  | {
      readonly kind: 'like';
      readonly values: JsonObject;
      readonly globs: Readonly<Record<string, string>>;
    };

/** An allowance that a person gave with an approval. */
export interface Grant extends GrantScope {
  /** `grt_...` */
  readonly id: string;
  readonly tenant: string;
  readonly approvalId: string;
  readonly by: string;
  readonly door: string;
  readonly madeAtMs: number;
  /** Who took it back; undefined while it holds. */
  readonly revokedBy: string | undefined;
}

type Made = Omit<Grant, 'madeAtMs' | 'revokedBy'>;

/** Whether a grant covers a call at a time. */
export function grantCovers(
  grant: Grant,
  call: ApprovalSubject & { readonly tenant: string; readonly session: string },
  nowMs: number,
): boolean {
  return (
    grant.revokedBy === undefined &&
    nowMs <= grant.expiresAtMs &&
    grant.tenant === call.tenant &&
    (grant.session === undefined || grant.session === call.session) &&
    grant.method === call.method &&
    grant.server === call.server &&
    grant.policyDigest === call.policyDigest &&
    (isGlob(grant.name) || grant.definition === call.definition) &&
    call.grounds.every((ground) => grant.grounds.includes(ground)) &&
    matches(grant.agent, call.agent) &&
    matches(grant.name, call.name) &&
    coversArguments(grant.args, call.args)
  );
}

function coversArguments(granted: GrantedArguments, args: JsonObject): boolean {
  if (granted.kind === 'any') return true;
  const { values, globs } = granted;
  const named = Object.keys(globs);
  const rest = Object.fromEntries(Object.entries(args).filter(([key]) => !named.includes(key)));
  return canonicalJson(rest) === canonicalJson(values) && named.every((key) => fits(globs, args, key));
}

function fits(globs: Readonly<Record<string, string>>, args: JsonObject, key: string): boolean {
  const value = Object.hasOwn(args, key) ? args[key] : undefined;
  const glob = globs[key];
  // SECURITY: `reports/*` is no grant for `reports/../secrets`.
  return (
    typeof value === 'string' &&
    glob !== undefined &&
    !/(^|[\\/])\.\.([\\/]|$)/.test(value) &&
    matches(glob, value)
  );
}

function matches(glob: string, text: string): boolean {
  const parsed = parseGlob(glob);
  return parsed !== undefined && globTest(parsed)(text);
}

export function isGlob(pattern: string): boolean {
  return parseGlob(pattern)?.kind !== 'exact';
}

/** Why a text cannot be a pattern of a grant; undefined when it can. */
export function globProblem(pattern: string): string | undefined {
  if (pattern === '' || pattern.length > MAX_PATTERN_LENGTH || parseGlob(pattern) === undefined) {
    return `\`${pattern}\` is not a glob`;
  }
  return undefined;
}

/**
 * The text whose MAC stands in the event of a grant.
 *
 * SECURITY: who can write to the store and has no key can record no grant that holds.
 */
export function grantText(grant: Made): string {
  const { id, tenant, approvalId, by, door, args, grounds, ...scope } = grant;
  return tagged('aegis grant/1', {
    id,
    tenant,
    approval_id: approvalId,
    by,
    door,
    grounds,
    agent: scope.agent,
    session: scope.session ?? null,
    method: scope.method,
    server: scope.server,
    name: scope.name,
    args: grantedJson(args),
    definition: scope.definition ?? null,
    policy_digest: scope.policyDigest,
    expires_at_ms: scope.expiresAtMs,
  });
}

/** The event of a grant. The arguments that it covers are sealed beside it. */
export function grantDraft(grant: Made, mac: (text: string) => string): EventDraft {
  const payload: JsonObject = {
    grant_id: grant.id,
    approval_id: grant.approvalId,
    agent: grant.agent,
    ...(grant.session === undefined ? {} : { session: grant.session }),
    method: grant.method,
    server: grant.server,
    name: grant.name,
    ...(grant.definition === undefined ? {} : { definition: grant.definition }),
    policy_digest: grant.policyDigest,
    grounds: [...grant.grounds],
    expires_at_ms: grant.expiresAtMs,
    by: grant.by,
    door: grant.door,
    proof: mac(grantText(grant)),
  };
  return { type: 'GRANT_MADE', payload, sealed: { args: grantedJson(grant.args) } };
}

export function grantedJson(args: GrantedArguments): JsonObject {
  return args.kind === 'any' ? { match: 'any' } : { match: 'like', values: args.values, globs: args.globs };
}

/** Reads the sealed arguments of a grant; undefined when they are none. */
export function readGranted(value: JsonValue | undefined): GrantedArguments | undefined {
  if (!isJsonObject(value)) return undefined;
  const { match, values, globs } = value;
  if (match === 'any') return { kind: 'any' };
  if (match !== 'like' || !isJsonObject(values) || !isJsonObject(globs)) return undefined;
  const texts = Object.entries(globs).flatMap(([key, glob]) =>
    typeof glob === 'string' ? [[key, glob] as const] : [],
  );
  if (texts.length !== Object.keys(globs).length) return undefined;
  return { kind: 'like', values, globs: Object.fromEntries(texts) };
}
