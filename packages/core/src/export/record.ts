import type { Envelope } from '../model/event.ts';
import type { JsonObject } from '../model/json.ts';

/** An event on its way out of the ledger. */
export interface ExportRecord {
  readonly position: number;
  readonly hash: string;
  /** The exact text that was hashed. */
  readonly body: string;
  readonly envelope: Envelope;
  /** What was sealed beside the envelope, by the name in the draft; absent unless it was asked for. */
  readonly values?: JsonObject;
}
