import {
  type CompiledPolicy,
  compilePolicy,
  DEFAULT_SETTINGS,
  DEFAULT_SINKS,
  decide,
  Lineage,
  LineageFold,
  labelsOf,
  NO_FACTS,
  NO_KNOWN_VALUES,
  readDocument,
  scanContent,
  score,
  startSnapshot,
  UNTRUSTED,
} from '@aegis/core';
import { createHash } from 'node:crypto';
import { ARGUMENT_KINDS, capabilitiesOf, heldOutKinds, serverOf } from './manifest.ts';
import type { Effect, TracedCall, Traces } from './traces.ts';

/** How a session is judged. */
export interface Profile {
  readonly name: string;
  readonly following: 'nothing' | 'coarse' | 'lineage';
  /** Whether results are scored, so that those which try to steer a model count. */
  readonly scored: boolean;
  /** Whether the client hands in what the user said. */
  readonly userText: boolean;
  /**
   * Whether the tools stand in manifests; without, all that they take decides something. `held-out`: manifests that were
   * written without having seen the suite.
   */
  readonly manifests: boolean | 'held-out';
}

const LIMITS = { ...DEFAULT_SETTINGS.limits, maxSteps: 10_000, maxToolCalls: 10_000, maxIdenticalCalls: 64 };

function policyOf(following: boolean): CompiledPolicy {
  const document = readDocument({
    file: 'rules.toml',
    format: 'toml',
    text: '[[policies]]\nname = "all"\naction = "allow"\n',
  });
  const { policy } = compilePolicy({
    parts: [{ document, path: ['policies'] }],
    settings: {
      ...DEFAULT_SETTINGS,
      limits: LIMITS,
      ...(following
        ? { taint: { sinks: DEFAULT_SINKS, untrusted: UNTRUSTED, sanitizers: [], userText: true } }
        : {}),
    },
    sha256: (data) => createHash('sha256').update(data).digest('hex'),
  });
  if (policy === undefined) throw new Error('the rules do not compile');
  return policy;
}

const POLICY = policyOf(false);
const FOLLOWING = policyOf(true);
const SUBJECT = { tenant: 'bench', agent: 'bench', user: 'bench', session: 'bench' };
const SNAPSHOT = { ...startSnapshot(SUBJECT), events: 1 };

/** An agent that does what it is told, and a kernel that judges each call of it. */
export class Agent {
  readonly #profile: Profile;
  readonly #namesOf: Traces['namesOf'];
  readonly #lineage = new Lineage(1);
  readonly #fold = new LineageFold(this.#lineage);
  #calls = 0;
  #hasRead = false;

  constructor(profile: Profile, prompt: string, namesOf: Traces['namesOf']) {
    this.#profile = profile;
    this.#namesOf = namesOf;
    if (profile.userText) this.#lineage.trust(prompt);
  }

  #kindsFor(suite: string, manifests: Profile['manifests']) {
    if (manifests === 'held-out') return heldOutKinds(suite, this.#namesOf);
    return manifests ? ARGUMENT_KINDS : undefined;
  }

  /** Proposes a call and says whether it is allowed without a question; an allowed one reads its output. */
  call(suite: string, effect: Effect, { function: name, args, output }: TracedCall): boolean {
    const { following, manifests, scored } = this.#profile;
    const server = serverOf(suite, name);
    const capabilities = manifests === false ? (['unclassified'] as const) : capabilitiesOf(effect);
    const kinds = this.#kindsFor(suite, manifests);
    const id = `call_${this.#calls++}`;
    const request = {
      id,
      subject: SUBJECT,
      action: { method: 'tools/call', door: 'mcp-stdio' as const },
      resource: { kind: 'tool' as const, server, name },
      args,
      nowMs: 0,
    };
    const taint = { ...this.#lineage.trace({ server, capabilities, args, kinds }), declassified: [] };
    const facts = { ...NO_FACTS, capabilities, taint };
    const { effect: answer } = decide(following === 'lineage' ? FOLLOWING : POLICY, {
      request,
      facts,
      snapshot: SNAPSHOT,
      server: undefined,
      receipts: new Map(),
      callFingerprint: id,
    });
    const held = following === 'coarse' && this.#hasRead && effect !== 'read' && effect !== 'egress-read';
    const allowed = answer === 'allow' && !held;
    drive(
      this.#fold.apply({
        type: 'TOOL_CALL_PROPOSED',
        payload: { call_id: id, server, method: 'tools/call', capabilities },
        sealed: { args },
      }),
    );
    if (!allowed) return false;
    this.#hasRead = true;
    const result = { content: [{ type: 'text', text: output }] };
    const labels = labelsOf(request, facts, undefined);
    const points = scored ? { score: scoreOf(output) } : {};
    const payload = { call_id: id, outcome: 'executed', labels, ...points };
    drive(this.#fold.apply({ type: 'TOOL_RESULT', payload, sealed: { result } }));
    return true;
  }
}

const scores = new Map<string, number>();

/** The threat score of a result, as the guards take it. */
function scoreOf(text: string): number {
  const known = scores.get(text);
  if (known !== undefined) return known;
  const scan = { direction: 'result', text: true, secrets: true, known: NO_KNOWN_VALUES } as const;
  const findings = drive(scanContent({ content: [{ type: 'text', text }] }, scan));
  const { value } = score({ findings, capabilities: [], tainted: false, denied: 0 });
  scores.set(text, value);
  return value;
}

function drive<Result>(steps: Generator<undefined, Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
