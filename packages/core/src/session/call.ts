import type { Payload } from '../ledger/payloads.ts';
import type { Envelope } from '../model/event.ts';
import type { OpenCall, Passage } from './snapshot.ts';

/** The call after one of its events; undefined once its outcome is sealed. */
export function advanceCall(call: OpenCall, envelope: Envelope): OpenCall | undefined {
  switch (envelope.event_type) {
    case 'POLICY_DECISION':
      return { ...call, stage: 'decided', passage: passageOf(payloadOf(envelope)) };
    case 'APPROVAL_REQUESTED':
      return { ...call, passage: 'asked' };
    case 'APPROVAL_DECIDED':
      return { ...call, passage: envelope.payload['approved'] === true ? 'approved' : 'none' };
    case 'TOOL_CALL_ALLOWED':
    case 'ACCESS_ALLOWED':
      return { ...call, stage: 'allowed' };
    case 'TOOL_CALL_EXECUTED':
      return { ...call, stage: 'executed' };
    case 'TOOL_CALL_DENIED':
    case 'ACCESS_DENIED':
    case 'TOOL_RESULT':
    case 'ACCESS_RESULT':
      return undefined;
    default:
      return call;
  }
}

function payloadOf(envelope: Envelope): Payload<'POLICY_DECISION'> {
  return envelope.payload as unknown as Payload<'POLICY_DECISION'>;
}

function passageOf({ effect, mode }: Payload<'POLICY_DECISION'>): Passage {
  if (effect === 'allow') return 'allow';
  if (mode === 'shadow') return 'shadow';
  return effect === 'require_approval' ? 'ask' : 'none';
}
