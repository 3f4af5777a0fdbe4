import { CAPABILITIES, type Capability, onlyReads } from '../model/capability.ts';
import type { CallAnswer } from '../policy/guard-settings.ts';
import type { Sanitizer } from './sanitizer.ts';

/** What data that nobody vouches for leads to, by what a call can do. */
export interface TaintSettings {
  /** Capabilities that such data must not steer; one that is not here is none. */
  readonly sinks: Readonly<Partial<Record<Capability, CallAnswer>>>;
  /** Labels that count. */
  readonly untrusted: readonly string[];
  readonly sanitizers: readonly Sanitizer[];
  /** Whether clients are believed in what they say that their users said. */
  readonly userText: boolean;
}

/** What changes nothing, sends nothing and runs nothing is no sink. */
const HARMLESS: readonly Capability[] = ['data.validate', 'model.call'];

/** Sinks where nothing else is said. */
export const DEFAULT_SINKS: TaintSettings['sinks'] = Object.fromEntries(
  CAPABILITIES.filter((capability) => !onlyReads(capability) && !HARMLESS.includes(capability)).map(
    (capability) => [capability, capability === 'exec' ? 'deny' : 'require_approval'],
  ),
);
