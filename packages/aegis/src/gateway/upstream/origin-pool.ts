import { createRequire } from 'node:module';
import type { Pool } from 'undici';

/** Connections to one origin, alone: the whole of undici is a browser's `fetch` and `WebSocket` as well, in twice the memory. */
export const OriginPool = createRequire(import.meta.url)('undici/lib/dispatcher/pool.js') as typeof Pool;
