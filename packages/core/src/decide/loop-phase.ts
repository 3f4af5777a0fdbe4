import { cycleBefore } from '../loop/cycle.ts';
import { LOOP_KINDS, type LoopKind, type LoopSettings, type LoopThreshold } from '../loop/loop-settings.ts';
import { onlyReads } from '../model/capability.ts';
import type { Reason } from '../model/reason.ts';
import { quote } from '../policy/quote.ts';
import type { PolicySettings } from '../policy/settings.ts';
import type { CallOutcome } from '../session/snapshot.ts';
import { type DecisionInput, toolOf } from './input.ts';

/** A loop that a call would go on with. */
interface Loop {
  readonly threshold: LoopThreshold;
  readonly message: string;
  /** Fingerprints of one round. */
  readonly cycle?: readonly string[];
}

/** Why a call is denied as one more of a loop. */
export function checkLoops(settings: PolicySettings, input: DecisionInput): Reason | undefined {
  for (const { threshold, message, cycle } of loopsOf(settings, input)) {
    if (threshold.action === 'require_approval') continue;
    const waitMs = threshold.action === 'slow_down' ? waitOf(threshold, input) : undefined;
    if (waitMs === 0) continue;
    return {
      code: 'LOOP_DETECTED',
      phase: 'limits',
      message,
      remedy:
        waitMs === undefined
          ? 'change the arguments or the plan: this call would give the same answer again'
          : `wait ${waitMs} ms, or change the plan`,
      ...(cycle === undefined ? {} : { cycle }),
      ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
    };
  }
  return undefined;
}

/** What asks for a person because of a loop. */
export function loopsThatAsk(settings: PolicySettings, input: DecisionInput): readonly Reason[] {
  return loopsOf(settings, input)
    .filter(({ threshold }) => threshold.action === 'require_approval')
    .map(({ message }) => ({
      code: 'APPROVAL_REQUIRED',
      phase: 'approval',
      message: `${message}, and that asks for a person's approval`,
      remedy: 'change the plan, or ask for approval',
    }));
}

const NO_LOOPS: readonly Loop[] = [];

function loopsOf({ limits, loops }: PolicySettings, input: DecisionInput): readonly Loop[] {
  if (input.request.action.method !== 'tools/call') return NO_LOOPS;
  if (loops === undefined) {
    const times = limits.maxIdenticalCalls;
    const seen = DETECTORS.identical(times, input);
    return seen === undefined ? NO_LOOPS : [{ threshold: { times, action: 'deny' }, ...seen }];
  }
  const identical = loops.identical ?? { times: limits.maxIdenticalCalls, action: 'deny' };
  const found: Loop[] = [];
  for (const kind of LOOP_KINDS) {
    const threshold = kind === 'identical' ? identical : loops[kind];
    const seen = threshold && DETECTORS[kind](threshold.times, input);
    if (threshold !== undefined && seen !== undefined) found.push({ threshold, ...seen });
  }
  return found;
}

type Detector = (times: number, input: DecisionInput) => Omit<Loop, 'threshold'> | undefined;

const DETECTORS: Readonly<Record<LoopKind, Detector>> = {
  identical(times, input) {
    const { snapshot, callFingerprint } = input;
    let seen = 0;
    for (const call of snapshot.recentCalls) if (call === callFingerprint) seen++;
    if (seen < times) return undefined;
    const most = Math.max(times, toolOf(input)?.polling ?? 0);
    if (seen < most) return undefined;
    return { message: `the same call was already made ${most} times`, cycle: [callFingerprint] };
  },
  sequence(times, input) {
    if (isPolled(input)) return undefined;
    const { snapshot, callFingerprint } = input;
    const length = cycleBefore(snapshot.recentCalls, callFingerprint, times);
    if (length === undefined) return undefined;
    return {
      message: `the same ${length} calls were already made ${times} times, one round after the other`,
      cycle: snapshot.recentCalls.slice(-length),
    };
  },
  sameAnswer(times, input) {
    if (isPolled(input) || !input.facts.capabilities.every(onlyReads)) return undefined;
    const [first, ...others] = newestOf(input, times);
    const same = first?.answer !== undefined && others.every(({ answer }) => answer === first.answer);
    return same
      ? { message: `${nameOf(input)} gave the same answer ${times} times, one after the other` }
      : undefined;
  },
  errors(times, input) {
    const newest = newestOf(input, times);
    const failed = newest.length > 0 && newest.every((outcome) => outcome.failed);
    return failed ? { message: `${nameOf(input)} failed ${times} times, one after the other` } : undefined;
  },
};

/** The last `times` outcomes of the tool; none while there were fewer. */
function newestOf({ snapshot, request }: DecisionInput, times: number): readonly CallOutcome[] {
  const { server, name } = request.resource;
  const own = snapshot.outcomes.filter((outcome) => outcome.server === server && outcome.tool === name);
  return own.length < times ? [] : own.slice(-times);
}

/** A tool that is asked again and again until something has happened. */
function isPolled(input: DecisionInput): boolean {
  return toolOf(input)?.polling !== undefined;
}

function nameOf({ request }: DecisionInput): string {
  return quote(request.resource.name);
}

/** How long a call that is to slow down has to wait, in milliseconds. */
function waitOf({ delayMs = 0 }: LoopThreshold, { snapshot, request }: DecisionInput): number {
  return Math.max(0, snapshot.lastAllowedAtMs + delayMs - request.nowMs);
}

/** Whether answers have to be recognised when they are given again. */
export function comparesAnswers({ loops }: { readonly loops?: LoopSettings }): boolean {
  return loops?.sameAnswer !== undefined;
}
