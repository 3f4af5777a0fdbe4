import type { ReasonCode } from '@aegis/core';
import type { Caller, Kernel, SessionHandle } from '../../../enforce/door.ts';
import { errorText, INTERNAL_ERROR, type InvalidMessage } from '../../jsonrpc.ts';
import { denialJson } from '../denial.ts';

/** A message that is refused: the JSON-RPC error that answers it. */
export type RefusedMessage = Omit<InvalidMessage, 'kind'>;

/** Records a message that broke the protocol, once, and gives the error that answers it. Never rejects. */
export async function refusalText(
  kernel: Kernel,
  session: SessionHandle | Caller,
  { id, method, code, message }: RefusedMessage,
  reason: ReasonCode = 'PROTOCOL_VIOLATION',
): Promise<string> {
  try {
    const denial = await kernel.refuse(session, method, reason, message);
    return errorText(id, code, message, denialJson(denial));
  } catch {
    return errorText(id, INTERNAL_ERROR, 'the message was refused, and that could not be recorded');
  }
}
