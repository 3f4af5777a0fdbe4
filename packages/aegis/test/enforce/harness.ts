// A whole kernel in one process: real policy, real store, real inspectors. Fake are time, randomness
// and people; the upstream is a function, since what is under test is everything before and after it.
import {
  compilePolicy,
  DEFAULT_SETTINGS,
  type EventType,
  type GuardSettings,
  type InspectPlatform,
  type JsonObject,
  linkManifests,
  type PolicySettings,
  RateBook,
  readDocument,
  readManifest,
  type TaintSettings,
} from '@aegis/core';
import type { GovernedCall, SessionHandle, Verdicted } from '../../src/enforce/door.ts';
import { EnforcementKernel } from '../../src/enforce/kernel.ts';
import type { KernelPorts, Ruleset } from '../../src/enforce/ruleset.ts';
import { createInspectPlatform } from '../../src/inspect/platform.ts';
import { sha256, utf8 } from '../../src/platform.ts';
import type {
  Approver,
  Clock,
  EventStore,
  HeldCall,
  Ids,
  Upstream,
  UpstreamReply,
  Verdict,
} from '../../src/ports.ts';
import { createMemoryStore } from '../../src/store/memory.ts';

export class FixedClock implements Clock {
  value = 1_700_000_000_000;
  now(): number {
    return this.value;
  }
}

export class CountingIds implements Ids {
  #count = 0;
  next(prefix: string): string {
    return `${prefix}_${String(++this.#count).padStart(6, '0')}`;
  }
  random(bytes: number): Uint8Array {
    return new Uint8Array(bytes).fill(++this.#count % 256);
  }
}

export const nobody = scriptedPerson(() => Promise.resolve({ kind: 'unavailable' }));

/** A person whose answers are written down beforehand. */
export function scriptedPerson(answer: (call: HeldCall) => Promise<Verdict>): Approver {
  return {
    consider: ({ approvers }) =>
      Promise.resolve({
        id: 'apr_1',
        binding: '0'.repeat(64),
        approvers,
        expiresAtMs: Number.MAX_SAFE_INTEGER,
        isNew: true,
        isOpen: true,
        page: undefined,
        decide: undefined,
        grant: undefined,
      }),
    ask: answer,
  };
}

const POLICY = `
[[policies]]
name = "never-drop"
invariant = true
action = "deny"
when = { capability = "db.destroy" }

[[policies]]
name = "mask"
invariant = true
action = "audit"
mask = ["email"]

[[policies]]
name = "held"
action = "require_approval"
when = { tool_name = "held" }

[[policies]]
name = "known-tools"
action = "allow"
when = { tool_name = ["query", "validate", "promote", "stat", "slow"] }
`;

const MANIFEST = `
server: data
receipts:
  silver:
    minted_by: validate
    when: { valid: true }
    subject: key
    content: { tool: stat, field: sha256 }
    ttl_ms: 60000
tools:
  query: { capabilities: [db.read, db.write, db.destroy], args: { sql: sql(postgresql) } }
  validate: { capabilities: [data.validate] }
  stat: { capabilities: [fs.read] }
  promote: { capabilities: [data.promote], args: { key: id }, requires: [silver] }
  held: { capabilities: [fs.write] }
  slow: { capabilities: [fs.read] }
`;

let shared: Promise<InspectPlatform> | undefined;

export interface Harness {
  readonly kernel: EnforcementKernel;
  readonly store: EventStore;
  readonly clock: FixedClock;
  readonly rules: Ruleset;
  readonly ports: KernelPorts;
  /** The contents that the upstream's `stat` tool reports a digest of. */
  readonly contents: Map<string, string>;
  open(): Promise<SessionHandle>;
  /** Calls a tool of the server `data`; `execute` is what the upstream would do. */
  call(
    session: SessionHandle,
    tool: string,
    args?: JsonObject,
    execute?: GovernedCall['execute'],
  ): Promise<Verdicted>;
  /** The types of all events of a session, in order. */
  events(session: SessionHandle): Promise<{ type: EventType; payload: JsonObject }[]>;
}

export async function createHarness(
  options: {
    readonly policy?: string;
    readonly limits?: Partial<typeof DEFAULT_SETTINGS.limits>;
    readonly mode?: 'enforce' | 'shadow';
    readonly approver?: Approver;
    readonly store?: EventStore;
    readonly platform?: (platform: InspectPlatform) => InspectPlatform;
    readonly definition?: KernelPorts['definition'];
    readonly guards?: GuardSettings;
    readonly taint?: TaintSettings;
    /** Of the server `data`. */
    readonly manifest?: string;
    readonly known?: KernelPorts['known'];
    readonly content?: KernelPorts['content'];
    readonly killed?: KernelPorts['killed'];
    readonly settings?: Pick<PolicySettings, 'rates' | 'loops' | 'sequences' | 'models'>;
  } = {},
): Promise<Harness> {
  const rules = ruleset(options);
  const clock = new FixedClock();
  const contents = new Map<string, string>();
  shared ??= createInspectPlatform({ baseDir: '/srv', homeDir: '/home/agent', dialects: ['postgresql'] });
  const platform = options.platform?.(await shared) ?? (await shared);
  const store = options.store ?? createMemoryStore();
  const upstream: Upstream = {
    name: 'data',
    request: (_method, params) => Promise.resolve(stat(contents, params)),
  };
  const ports: KernelPorts = {
    clock,
    ids: new CountingIds(),
    store,
    approver: options.approver ?? nobody,
    sha256,
    utf8,
    inspect: () => platform,
    definition: options.definition ?? (() => undefined),
    upstream: () => upstream,
    ...(options.known === undefined ? {} : { known: options.known }),
    ...(options.content === undefined ? {} : { content: options.content }),
    rates: new RateBook(() => rules.policy.rates),
    ...(options.killed === undefined ? {} : { killed: options.killed }),
  };
  const kernel = new EnforcementKernel(ports, () => rules);
  return {
    kernel,
    store,
    clock,
    rules,
    ports,
    contents,
    open: () =>
      kernel.openSession({ tenant: 'acme', agent: 'bot', user: 'bot', door: 'mcp-stdio', client: 'test' }),
    call: (session, tool, args = {}, execute = () => Promise.resolve(reply({ ok: true }))) =>
      kernel.mediate(session, {
        method: 'tools/call',
        resource: { kind: 'tool', server: 'data', name: tool },
        args,
        execute,
      }),
    async events(session) {
      const events = [];
      for await (const entry of store.session('acme', session.id)) {
        const { event_type: type, payload } = JSON.parse(entry.body);
        events.push({ type, payload });
      }
      return events;
    },
  };
}

export function reply(structuredContent: JsonObject, text = 'done'): UpstreamReply {
  return { kind: 'result', result: { content: [{ type: 'text', text }], structuredContent }, bytes: 100 };
}

function stat(contents: ReadonlyMap<string, string>, params: JsonObject): UpstreamReply {
  const { key } = params['arguments'] as { key: string };
  const content = contents.get(key);
  return content === undefined
    ? { kind: 'error', code: -32602, message: 'no such object' }
    : reply({ key, sha256: sha256(content) });
}

function ruleset(options: Parameters<typeof createHarness>[0]): Ruleset {
  const document = readDocument({ text: options?.policy ?? POLICY, file: 'policy.toml' });
  const { policy, diagnostics } = compilePolicy({
    parts: [{ document, path: ['policies'] }],
    settings: {
      ...DEFAULT_SETTINGS,
      mode: options?.mode ?? 'enforce',
      ...(options?.guards === undefined ? {} : { guards: options.guards }),
      ...(options?.taint === undefined ? {} : { taint: options.taint }),
      ...options?.settings,
      limits: { ...DEFAULT_SETTINGS.limits, ...options?.limits },
    },
    sha256,
  });
  const manifest = readDocument({ text: options?.manifest ?? MANIFEST, file: 'data.yaml' });
  const read = readManifest(manifest, { resolve: (path) => path });
  if (policy === undefined || read.manifest === undefined) {
    throw new Error(JSON.stringify([...diagnostics, ...read.diagnostics]));
  }
  const { receipts, manifests } = linkManifests([{ manifest: read.manifest, document: manifest }]);
  const mints = new Map([['data', new Map([['validate', [...receipts.values()]]])]]);
  return { policy, manifests, receipts, mints, agent: () => undefined, credentials: new Map() };
}
