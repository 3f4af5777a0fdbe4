import type { StockClient } from './client.ts';
import { aiSdk } from './clients/ai-sdk.ts';
import { inspector } from './clients/inspector.ts';
import { sdkV1 } from './clients/sdk-v1.ts';
import { sdkV2 } from './clients/sdk-v2.ts';

/** The rows of the matrix. */
export const CLIENTS: readonly StockClient[] = [
  sdkV1('stdio'),
  sdkV1('http'),
  sdkV1('sse'),
  sdkV2('legacy', 'http'),
  sdkV2('modern', 'http'),
  sdkV2('modern', 'stdio'),
  inspector,
  aiSdk,
];
