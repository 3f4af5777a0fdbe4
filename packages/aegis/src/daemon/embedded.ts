import { resolve } from 'node:path';
import type { ZodType } from 'zod';
import { AegisError, formatDiagnostics, type JsonObject, parseStrict } from '@aegis/core';
import { proposal, report } from '../api/routes/actions.ts';
import { jsonObject } from '../api/schemas.ts';
import { OpenActions, type Reported } from '../api/sdk/actions.ts';
import { REPORTED_EVENTS } from '../api/sdk/reported-events.ts';
import { OwnSessions } from '../api/sdk/sessions.ts';
import { reservedTargets } from '../api/sdk/targets.ts';
import {
  type WireOutcome,
  wireOfStarted,
  wireOfTrial,
  wireOfVerdict,
  type WireStarted,
  type WireTrial,
} from '../api/sdk/wire.ts';
import type { Configuration } from '../config/configuration.ts';
import { environment } from '../config/environment.ts';
import { loadConfiguration, readConfiguration } from '../config/load.ts';
import type { Handoff, HandoffRequest } from '../enforce/door.ts';
import type { EnforcementKernel } from '../enforce/kernel.ts';
import { systemClock } from '../platform.ts';
import type { AgentIdentity } from '../ports.ts';
import { tryCall } from './api.ts';
import { openEvidence, sessionPorts } from './evidence.ts';
import { openGateway } from './gateway.ts';
import { PolicyInForce } from './policy.ts';

/** Where the kernel in this process finds what it judges by. */
export type EmbeddedOptions = (
  | { /** A configuration file. */ readonly config: string }
  | {
      /** A policy file; the ledger is `.aegis/aegis.db` in `folder`. */
      readonly policy: string;
      /** Default: the working directory. */
      readonly folder?: string;
    }
) & {
  /** The name of the agent; default: that of `[stdio]`, `local`. */
  readonly agent?: string;
  /** Hears what goes wrong beside the actions; default: nobody. */
  readonly warn?: (line: string) => void;
};

/** What is done, to what, and how. */
export interface EmbeddedAction {
  readonly type: string;
  readonly target: string;
  readonly params: JsonObject;
}

/** The kernel in this process, as the SDK takes it: `new AegisRuntime({ door: await openEmbedded(...) })`. */
export interface EmbeddedDoor {
  open(told: { readonly client?: string; readonly run?: string; readonly handoff?: string }): Promise<string>;
  /** Lets another agent act on behalf of a session, within what both may. */
  handOff(session: string, request: HandoffRequest): Promise<Handoff>;
  propose(
    session: string,
    action: EmbeddedAction & { readonly wait: boolean },
    signal?: AbortSignal,
  ): Promise<WireStarted>;
  report(action: string, outcome: Reported): Promise<WireOutcome>;
  decide(action: EmbeddedAction): Promise<WireTrial>;
  note(session: string, type: string, payload: JsonObject): Promise<void>;
  end(session: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the kernel in this process, with its ledger. What runs in the process can go round it: it governs
 * code that is willing, as the daemon does, and keeps the same evidence. Fails as `aegis start` does.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedDoor> {
  const { warn = () => {} } = options;
  const configuration = await configurationOf(options);
  const agent = options.agent ?? configuration.stdioAgent;
  const tenant = configuration.agents.find(({ name }) => name === agent)?.tenant ?? 'default';
  const policy = await PolicyInForce.open(configuration);
  const ledger = await openEvidence(configuration, environment(), warn);
  const closers = [() => ledger.close()];
  const close = async () => {
    for (const closer of closers.toReversed()) await closer();
  };
  try {
    const gateway = await openGateway(configuration, ledger, policy, environment());
    closers.push(() => gateway.close());
    const { kernel } = gateway;
    await policy.follow({ ports: sessionPorts(ledger), say: warn });
    closers.push(() => policy.close('the program is done'));
    const sessions = new OwnSessions(kernel, systemClock);
    closers.push(async () => sessions.close());
    return doorOn({
      configuration,
      policy,
      sessions,
      actions: new OpenActions(kernel, reservedTargets(configuration.servers.map(({ name }) => name))),
      kernel,
      owner: { name: agent, tenant },
      close,
    });
  } catch (error) {
    await close();
    throw error;
  }
}

interface Parts {
  readonly configuration: Configuration;
  readonly policy: PolicyInForce;
  readonly kernel: EnforcementKernel;
  readonly sessions: OwnSessions;
  readonly actions: OpenActions;
  readonly owner: AgentIdentity;
  readonly close: () => Promise<void>;
}

function doorOn({ configuration, policy, kernel, sessions, actions, owner, close }: Parts): EmbeddedDoor {
  return {
    open: (told) => sessions.open(owner, told),
    async propose(session, proposed, signal = new AbortController().signal) {
      const { wait, ...action } = taken(proposal, { session, ...proposed });
      return wireOfStarted(
        await actions.start(sessions.of(owner, session), { ...action, waits: wait }, signal),
      );
    },
    report: async (action, outcome) =>
      wireOfVerdict(await actions.finish(owner, action, taken(report, outcome))),
    async decide(asked) {
      const { type, target, params } = taken(proposal, { session: 'none', ...asked });
      const trial = await tryCall(configuration, policy, {
        tenant: owner.tenant,
        agent: owner.name,
        method: 'tools/call',
        kind: 'tool',
        server: target,
        name: type,
        args: params,
        session: { steps: 0, toolCalls: 0, denied: 0, ageMs: 0 },
      });
      return wireOfTrial(trial);
    },
    async note(session, type, payload) {
      const reported = REPORTED_EVENTS.find((known) => known === type);
      if (reported === undefined) throw new AegisError('INPUT_INVALID', `no program reports \`${type}\``);
      const { handle } = sessions.of(owner, session);
      const refused = await kernel.report(handle, { type: reported, payload: taken(jsonObject, payload) });
      if (refused !== undefined) throw new AegisError('INPUT_INVALID', refused);
    },
    handOff: (session, request) => kernel.handOff(sessions.of(owner, session).handle, request),
    end: (session) => sessions.end(owner, session, 'the program ended it'),
    close,
  };
}

/**
 * What a program hands in, read as strictly as a daemon reads it. Fails with `INPUT_INVALID`.
 *
 * SECURITY: a copy. What is judged is what is done, whatever the program changes in its own meanwhile.
 */
function taken<T>(schema: ZodType<T>, value: unknown): T {
  const parsed = parseStrict(textOf(value));
  if (!parsed.ok) throw new AegisError('INPUT_INVALID', `this cannot be recorded: ${parsed.problem.message}`);
  const checked = schema.safeParse(parsed.value);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw new AegisError('INPUT_INVALID', `\`${issue?.path.join('.') ?? ''}\`: ${issue?.message ?? ''}`);
}

function textOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    throw new AegisError('INPUT_INVALID', `this is no JSON: ${error instanceof Error ? error.message : ''}`);
  }
}

async function configurationOf(options: EmbeddedOptions): Promise<Configuration> {
  const { configuration, diagnostics } =
    'config' in options
      ? await loadConfiguration(resolve(options.config))
      : readConfiguration(
          resolve(options.folder ?? '.', 'aegis.toml'),
          `policy = [${JSON.stringify(resolve(options.policy))}]\n`,
        );
  if (configuration !== undefined) return configuration;
  throw new AegisError('CONFIG_INVALID', formatDiagnostics('the configuration', diagnostics));
}
