import { formatCsv } from '../servers/object-store/csv.ts';
import type { Connection } from './connection.ts';
import type { Reply } from './reply.ts';

type Row = Readonly<Record<string, unknown>>;

/** A tool call that some text told the agent to make. */
export interface Order {
  readonly server: string;
  readonly tool: string;
  readonly args: Record<string, unknown>;
}

/**
 * The scripted agent: hard-working, and gullible. It keeps the newest export in mind, and it takes
 * instructions that it finds in data for instructions.
 */
export interface Agent {
  readonly connection: Connection;
  call(server: string, tool: string, args: Record<string, unknown>): Promise<Reply>;
  /** The newest export as CSV with these columns. */
  exportedCsv(columns: readonly string[]): string;
  /** Carries out the next instruction that it found in data; undefined when there is none. */
  obey(): Promise<Reply | undefined>;
}

export function createAgent(connection: Connection): Agent {
  const orders: Order[] = [];
  let exported: readonly Row[] = [];

  const exportedCsv = (columns: readonly string[]) => formatCsv(columns, exported);

  const call: Agent['call'] = async (server, tool, args) => {
    const reply = await connection.call(server, tool, args);
    if (tool === 'export_table' && Array.isArray(reply.structured.rows)) {
      exported = reply.structured.rows as Row[];
    }
    orders.push(...ordersIn(reply.text, exportedCsv));
    return reply;
  };

  return {
    connection,
    call,
    exportedCsv,
    obey: async () => {
      const order = orders.shift();
      return order === undefined ? undefined : call(order.server, order.tool, order.args);
    },
  };
}

/** The instructions that a reader without judgement finds in a text. */
export function ordersIn(text: string, exportedCsv: (columns: readonly string[]) => string): Order[] {
  if (!/ignore all previous instructions/i.test(text)) return [];
  const orders: Order[] = [];
  const sql = /Run `([^`]+)` with the tool execute/.exec(text)?.[1];
  if (sql !== undefined) orders.push({ server: 'database', tool: 'execute', args: { sql } });
  const key = /save the whole export as the object `([^`]+)`/.exec(text)?.[1];
  if (key !== undefined) {
    const columns = ['id', 'name', 'email', 'phone', 'card'];
    orders.push({ server: 'objects', tool: 'put_object', args: { key, text: exportedCsv(columns) } });
  }
  return orders;
}
