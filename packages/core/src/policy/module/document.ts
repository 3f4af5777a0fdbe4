import type { DecisionInput } from '../../decide/input.ts';
import { AegisError } from '../../errors.ts';
import { type ContentNeeds, NO_CONTENT_NEEDS, SCORE_NEEDS } from '../../inspect/content/content-needs.ts';
import type { JsonObject, JsonValue } from '../../model/json.ts';
import type { ResourceKind } from '../../model/request.ts';
import type { TaintFact } from '../../model/taint.ts';
import { joinLabels } from '../../taint/labels.ts';
import { inherentRisk } from '../condition.ts';
import type { ModuleInput, PolicyModule } from './module.ts';

type Member = (input: DecisionInput) => JsonValue | undefined;
type Reads = PolicyModule['reads'];

/** The input document in wire names; what a call does not have is not in it. */
const SECTIONS: Readonly<Record<string, Readonly<Record<string, Member>>>> = {
  request: {
    method: ({ request }) => request.action.method,
    server: ({ request }) => request.resource.server,
    tool: named('tool'),
    resource: named('resource'),
    prompt: named('prompt'),
    args: ({ request }) => request.args,
    agent: ({ request }) => request.subject.agent,
    tenant: ({ request }) => request.subject.tenant,
    user: ({ request }) => request.subject.user,
    session: ({ request }) => request.subject.session,
  },
  facts: {
    capabilities: ({ facts }) => facts.capabilities,
    risk: inherentRisk,
    paths: ({ facts }) => facts.paths.map(({ real }) => real),
    hosts: ({ facts }) => facts.urls.map(({ host }) => host),
    commands: ({ facts }) =>
      (facts.commands ?? []).map(({ program, args }) =>
        args === undefined ? { program } : { program, args },
      ),
    findings: ({ facts }) => facts.findings.map(({ id, at, severity }) => ({ id, at, severity })),
    score: ({ facts }) => facts.score?.value,
  },
  taint: {
    labels: (input) => joinLabels(...taintsOf(input).map(({ labels }) => labels)),
    args: (input) => labelsByArgument(taintsOf(input)),
    authority: (input) => labelsByArgument(taintsOf(input).filter(({ use }) => use === 'authority')),
    steered: ({ facts }) => facts.taint?.unfounded !== undefined,
  },
  session: {
    steps: ({ snapshot }) => snapshot.steps,
    tool_calls: ({ snapshot }) => snapshot.toolCalls,
    denied: ({ snapshot }) => snapshot.denied,
    age_ms: ({ snapshot, request }) => request.nowMs - snapshot.startedAtMs,
    identical_calls: ({ snapshot, callFingerprint }) =>
      snapshot.recentCalls.filter((call) => call === callFingerprint).length,
  },
};

function named(kind: ResourceKind): Member {
  return ({ request: { resource } }) => (resource.kind === kind ? resource.name : undefined);
}

/** SECURITY: a call that should have been followed and was not is none that is clean. */
function taintsOf({ facts: { taint } }: DecisionInput): readonly TaintFact[] {
  if (taint === undefined) throw new AegisError('INTERNAL', 'where the arguments come from is not known');
  return taint.taints;
}

/** The labels of everything in an argument, by its name. */
function labelsByArgument(taints: readonly TaintFact[]): JsonObject {
  const byName = new Map<string, readonly string[]>();
  for (const { at, labels } of taints) {
    const name = (at.split('/')[1] ?? '').replaceAll('~1', '/').replaceAll('~0', '~');
    byName.set(name, joinLabels(byName.get(name) ?? [], labels));
  }
  return Object.fromEntries(byName);
}

/** Whether it is read where the arguments of a call come from. */
export function readsTaint(reads: Reads): boolean {
  return touches(reads, ['taint']);
}

/** Whether there is something at a path of the input, or could be. */
export function isInputPath([section = '', member, ...rest]: readonly string[]): boolean {
  if (section === 'manifest') return true;
  if (section === 'now_ns') return member === undefined;
  const members = Object.hasOwn(SECTIONS, section) ? SECTIONS[section] : undefined;
  if (members === undefined || member === undefined) return members !== undefined;
  if (!Object.hasOwn(members, member)) return false;
  return rest.length === 0 || ['args', 'authority', 'findings', 'commands'].includes(member);
}

/** Compiles the making of the input: of it there is only what is read. Arguments and manifests are not copied. */
export function compileDocument(reads: Reads): (input: DecisionInput) => ModuleInput {
  const sections = Object.entries(SECTIONS).flatMap(([section, members]) => {
    const wanted = Object.entries(members).filter(([name]) => touches(reads, [section, name]));
    return wanted.length === 0 ? [] : [{ section, members: wanted }];
  });
  const manifest = touches(reads, ['manifest']);
  const now = touches(reads, ['now_ns']);
  return (input) => {
    const document: Record<string, JsonValue | bigint> = {};
    for (const { section, members } of sections) document[section] = sectionOf(members, input);
    const { agent } = input;
    if (manifest && agent !== undefined && agent !== 'nothing') document['manifest'] = agent.written;
    if (now) document['now_ns'] = nanoseconds(input.request.nowMs);
    return document;
  };
}

function sectionOf(members: readonly (readonly [string, Member])[], input: DecisionInput): JsonObject {
  const section: Record<string, JsonValue> = {};
  for (const [name, member] of members) {
    const value = member(input);
    if (value !== undefined) section[name] = value;
  }
  return section;
}

/** Exact: a double holds no nanosecond of this century. */
function nanoseconds(ms: number): number | bigint {
  const exact = BigInt(ms) * 1_000_000n;
  const double = Number(exact);
  return Number.isSafeInteger(double) ? double : exact;
}

/** What has to be known of a call's content for a module: a score that was not taken would deny nothing. */
export function needsOfReads(reads: Reads): ContentNeeds {
  const pii = touches(reads, ['facts', 'findings']);
  if (touches(reads, ['facts', 'score'])) return pii ? { ...SCORE_NEEDS, pii } : SCORE_NEEDS;
  return pii ? { text: true, secrets: true, pii, score: false } : NO_CONTENT_NEEDS;
}

/** Whether something is read at a path, under it, or by reading all that it is in. */
function touches(reads: Reads, path: readonly string[]): boolean {
  return reads.some((read) =>
    path.every((step, at) => at >= read.length || read[at] === '*' || read[at] === step),
  );
}
