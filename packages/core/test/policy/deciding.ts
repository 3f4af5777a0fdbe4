import { decide } from '../../src/decide.ts';
import type { Decision } from '../../src/model/decision.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { ALLOW_ALL, call, type CallSketch, policyOf, type SettingsSketch } from './call.ts';

export function decideOn(
  sketch: CallSketch,
  rules: readonly JsonObject[] = [ALLOW_ALL],
  settings?: SettingsSketch,
): Decision {
  return decide(policyOf(rules, settings), call(sketch));
}

/** The effect of a decision and its first code. */
export function code(sketch: CallSketch, rules?: readonly JsonObject[], settings?: SettingsSketch): string {
  const { effect, reasons } = decideOn(sketch, rules, settings);
  return `${effect} ${reasons[0].code}`;
}
