import { readFileSync } from 'node:fs';
import type { EventType } from '../../src/model/event.ts';
import type { JsonObject } from '../../src/model/json.ts';

export interface ChainVectors {
  readonly tenant: string;
  readonly user: string;
  readonly session: string;
  readonly entries: readonly {
    readonly type: EventType;
    readonly payload: JsonObject;
    readonly sealed?: JsonObject;
    /** One salt per sealed value, in order, hex. */
    readonly salts?: readonly string[];
    readonly ts_unix_ms: number;
    readonly body: string;
    readonly hash: string;
    readonly blobs: readonly { readonly hash: string; readonly bytes: string }[];
  }[];
}

const file = new URL('../../../../schema/vectors/chain.json', import.meta.url);

export const chainVectors = JSON.parse(readFileSync(file, 'utf8')) as ChainVectors;
