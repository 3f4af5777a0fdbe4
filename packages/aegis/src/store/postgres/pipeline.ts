import type { Client, QueryResult } from 'pg';
import type { Bound } from './inserts.ts';
import type { Row } from './statement.ts';

/** Sends statements in one go; the server works on each after the one before it. Waits for all answers. */
export async function pipelined(
  client: Client,
  statements: readonly (Bound | string)[],
): Promise<readonly QueryResult<Row>[]> {
  const { stream } = client.connection;
  stream.cork();
  const answers = statements.map((said) =>
    typeof said === 'string'
      ? client.query<Row>(said)
      : client.query<Row>({ ...said.statement, values: [...said.values] }),
  );
  stream.uncork();
  const settled = await Promise.allSettled(answers);
  const results = settled.map((answer) => {
    if (answer.status === 'rejected') throw answer.reason;
    return answer.value;
  });
  return results[0]?.command === 'BEGIN' ? results.slice(1) : results;
}
