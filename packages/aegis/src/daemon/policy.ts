import { existsSync } from 'node:fs';
import {
  type ActivationCause,
  AegisError,
  type BundleSignature,
  codeOf,
  counted,
  formatDiagnostics,
} from '@aegis/core';
import type { Configuration } from '../config/configuration.ts';
import { loadConfiguration } from '../config/load.ts';
import { PolicyLedger } from '../enforce/policy-ledger.ts';
import type { Ruleset } from '../enforce/ruleset.ts';
import type { SessionPorts } from '../enforce/session.ts';
import { distrust, readSignature, signatureFile } from '../source/bundle-signature.ts';
import { readDisk } from '../source/texts.ts';
import { type Watch, watchFiles } from '../source/watch.ts';
import { changedPolicy, needsRestart } from './reloaded.ts';
import { type LoadedPolicy, loadPolicy, snapshotsOf } from './rules.ts';

/** Where a policy that changes while it is in force is recorded, and who hears of it. */
export interface PolicyFollowing {
  readonly ports: SessionPorts;
  /** Hears what became of a change, one line at a time. */
  readonly say: (line: string) => void;
}

interface Following extends PolicyFollowing {
  readonly ledger: PolicyLedger;
  readonly watch: Watch;
}

/** Longest message about a change that was not taken, in UTF-16 units: an event is bounded. */
const MAX_RECORDED = 8_000;

/** The policy that the kernel judges by: replaced as a whole, or not at all. */
export class PolicyInForce {
  /** Makes ready what rules need, before they come into force. */
  prepare: (rules: Ruleset) => Promise<void> = () => Promise.resolve();
  /** Hears that other rules are in force. */
  changed: () => void = () => {};
  readonly #configuration: Configuration;
  readonly #started: Ruleset;
  #loaded: LoadedPolicy;
  #signature: BundleSignature | undefined;
  #problem: string | undefined;
  #said = '';
  #following: Following | undefined;
  #reloading: Promise<void> = Promise.resolve();

  private constructor(configuration: Configuration, loaded: LoadedPolicy, signature?: BundleSignature) {
    this.#configuration = configuration;
    this.#loaded = loaded;
    this.#started = loaded.rules;
    this.#signature = signature;
  }

  /** Loads the policy of a configuration. Fails with `POLICY_INVALID`. */
  static async open(configuration: Configuration): Promise<PolicyInForce> {
    const loaded = await loadPolicy(configuration, { snapshots: snapshotsOf(configuration) });
    const signature = await readSignature(configuration.file, readDisk);
    // Whoever starts the process answers for what is not signed, and not for what was changed after it was.
    const signed = signature !== undefined && configuration.trust.mode === 'prod';
    if (signed) requireTrust(configuration, loaded, signature);
    return new PolicyInForce(configuration, loaded, signature);
  }

  get rules(): Ruleset {
    return this.#loaded.rules;
  }

  /** Why the newest change was not taken; undefined when it was. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /**
   * Records that the policy is in force, and from then on takes changes of its files. Rejects with
   * `STORE_UNAVAILABLE` when it cannot be recorded.
   */
  async follow({ ports, say }: PolicyFollowing): Promise<void> {
    const ledger = new PolicyLedger(ports, () => this.rules.policy.digest);
    await this.#record(ledger, this.#loaded, this.#signature, 'start');
    const watch = watchFiles(() => void this.reload());
    this.#following = { ports, say, ledger, watch };
    // The built-in configuration is no file, and names none.
    if (existsSync(this.#configuration.file)) watch.follow(this.#filesWith(new Set()));
  }

  /** Reads everything anew; a change that is not valid, or cannot be recorded, is not taken. Never rejects. */
  reload(): Promise<void> {
    this.#reloading = this.#reloading.then(() => this.#reload());
    return this.#reloading;
  }

  /** Takes no more changes. Never rejects. */
  async close(cause: string): Promise<void> {
    this.#following?.watch.close();
    await this.#reloading;
    await this.#following?.ledger.close(cause);
    await this.rules.close?.();
  }

  async #reload(): Promise<void> {
    const following = this.#following;
    if (following === undefined) return;
    const asked = new Set<string>();
    try {
      await this.#take(following, asked);
      this.#problem = undefined;
    } catch (error) {
      await this.#refuse(following, error);
    }
    following.watch.follow(this.#filesWith(asked));
  }

  async #take(following: Following, asked: Set<string>): Promise<void> {
    const running = this.#configuration;
    const next = await readAgain(running);
    const configuration = changedPolicy(running, next);
    const loaded = await loadPolicy(configuration, { asked, snapshots: snapshotsOf(running) });
    const { rules: before } = this.#loaded;
    try {
      if (loaded.fingerprint !== this.#loaded.fingerprint) {
        const signature = await readSignature(running.file, readDisk);
        if (running.trust.mode === 'prod') requireTrust(running, loaded, signature);
        await this.prepare(loaded.rules);
        await this.#record(following.ledger, loaded, signature, 'reload');
        // INVARIANT: rules come into force in one assignment, after the record of it is durable.
        this.#loaded = loaded;
        this.changed();
        const { policy } = loaded.rules;
        following.say(
          `the policy was changed: ${counted(policy.rules.length, 'rule')}, digest ${policy.digest.slice(0, 12)}`,
        );
      }
    } finally {
      // What is not in force, or no longer, ends.
      await (this.#loaded === loaded ? before : loaded.rules).close?.();
    }
    this.#sayRestart(following, next, loaded.rules);
  }

  #sayRestart({ say }: Following, next: Configuration, after: Ruleset): void {
    const parts = needsRestart(this.#configuration, next, { before: this.#started, after });
    const text = parts.join(', ');
    if (text !== '' && text !== this.#said) say(`a change of ${text} waits for a restart`);
    this.#said = text;
  }

  async #refuse({ ledger, say, watch }: Following, error: unknown): Promise<void> {
    const message = error instanceof Error ? error.message : String(error);
    // What cannot be recorded now may be in a moment; what is wrong stays so until a file changes.
    if (codeOf(error) === 'STORE_UNAVAILABLE') watch.again();
    if (message === this.#problem) return;
    this.#problem = message;
    const { digest } = this.rules.policy;
    const lines = message.split('\n');
    for (const line of lines) say(line);
    say(`the change was not taken: the policy with digest ${digest.slice(0, 12)} stays in force`);
    const text = message.slice(0, MAX_RECORDED).toWellFormed();
    await ledger.failed(codeOf(error) ?? 'INTERNAL', text).catch(() => say('it could not be recorded'));
  }

  #record(
    ledger: PolicyLedger,
    { rules, bundle, fingerprint }: LoadedPolicy,
    signature: BundleSignature | undefined,
    cause: ActivationCause,
  ): Promise<void> {
    const { digest } = rules.policy;
    // What nobody trusts says nothing.
    const trusted = distrust(signature, fingerprint, this.#configuration.trust) === undefined;
    return ledger.activate({
      policyDigest: digest,
      bundle,
      fingerprint,
      signature: trusted ? signature : undefined,
      cause,
      by: 'aegis',
    });
  }

  /** What a change could be in: all that the policy in force was made of, and all that the newest try asked for. */
  #filesWith(asked: ReadonlySet<string>): ReadonlySet<string> {
    const { file } = this.#configuration;
    return new Set([file, signatureFile(file), ...this.#loaded.files, ...asked]);
  }
}

async function readAgain({ file, flags }: Configuration): Promise<Configuration> {
  const { configuration, diagnostics } = await loadConfiguration(file, flags);
  if (configuration !== undefined) return configuration;
  throw new AegisError('CONFIG_INVALID', formatDiagnostics('the configuration', diagnostics));
}

function requireTrust(
  { trust, file }: Configuration,
  { fingerprint }: LoadedPolicy,
  signature: BundleSignature | undefined,
): void {
  const why = distrust(signature, fingerprint, trust);
  if (why === undefined) return;
  throw new AegisError('POLICY_INVALID', why, {
    help: `sign it with \`aegis policy bundle --sign\` and put it in place with \`aegis policy apply\`; ${signatureFile(file)} is where its signature stands`,
  });
}
