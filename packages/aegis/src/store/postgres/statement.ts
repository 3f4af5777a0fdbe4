import type { Client, Pool } from 'pg';
import { storeError } from './failure.ts';

/** A statement that each connection prepares once, under its name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

export type Row = Record<string, unknown>;

/** Runs a statement on some connection. Every failure is `STORE_UNAVAILABLE`. */
export type Query = (statement: Statement, ...values: readonly unknown[]) => Promise<readonly Row[]>;

/** Statements that only read, on one connection or on any of several. */
export function readingFrom(connections: Client | Pool): Query {
  return async (statement, ...values) => {
    try {
      return (await connections.query<Row>({ ...statement, values: [...values] })).rows;
    } catch (error) {
      throw storeError('the ledger cannot be read', error);
    }
  };
}

/** An array of numbers as a parameter: the driver would quote each of them. */
export function numbers(values: readonly (number | boolean)[]): string {
  return `{${values.join(',')}}`;
}

/** Bytes of hashes, one after the other. */
export function packed(hashes: readonly string[]): Buffer {
  return Buffer.from(hashes.join(''), 'hex');
}
