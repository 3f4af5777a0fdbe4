import { type KillSwitch, killTargetText } from '../kill/kill-switch.ts';
import type { Reason } from '../model/reason.ts';
import { quote } from '../policy/quote.ts';

/** Why nothing of a caller goes on. In force in every mode: no policy says anything about it. */
export function killedReason(killed: KillSwitch): Reason {
  return {
    code: 'KILLED',
    phase: 'limits',
    // SECURITY: who threw it and why is for people; it stands in the ledger.
    message: `whoever runs Aegis has stopped ${quote(killTargetText(killed))}`,
    remedy: 'stop: nothing is possible until it is allowed to go on',
  };
}
