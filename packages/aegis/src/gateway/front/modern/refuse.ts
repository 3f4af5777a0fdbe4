import type { Kernel } from '../../../enforce/door.ts';
import { errorText, type RequestId } from '../../jsonrpc.ts';
import { denialJson } from '../denial.ts';
import type { Answer } from './exchange.ts';
import type { Problem } from './problem.ts';
import type { Run } from './run.ts';

/** What is refused: the id that the error carries, and the method that the record names. */
export interface Refused {
  readonly run: Run;
  readonly id: RequestId | null;
  readonly method: string;
}

/** Records a refusal, once, in the run that it happened in, and gives the error that answers it. */
export async function refuse(
  kernel: Kernel,
  { run, id, method }: Refused,
  problem: Problem,
): Promise<Answer> {
  const { code, status, message, reason = 'PROTOCOL_VIOLATION', data } = problem;
  const denial = await kernel.refuse(run.handle, method, reason, message);
  return { text: errorText(id, code, message, { ...denialJson(denial), ...data }), status };
}
