import { SECURE } from '../texts.ts';
import type { Case } from './case.ts';

/** Every key of doors. */
export const DOORS: readonly Case[] = [
  ['mode', 'mode = "shadow"', { mode: 'shadow' }],
  ['daemon.addr', '[daemon]\naddr = "[::1]:99"', { daemon: { host: '::1', port: 99 } }],
  ['daemon.anonymous', '[daemon]\nanonymous = "guest"', { daemon: { anonymous: 'guest' } }],
  [
    'daemon.mcp_addr',
    '[daemon]\nmcp_addr = "127.0.0.1:98"',
    { daemon: { mcp: { host: '127.0.0.1', port: 98 } } },
  ],
  ['log.level', '[log]\nlevel = "warn"', { log: { level: 'warn' } }],
  ['log.format', '[log]\nformat = "json"', { log: { format: 'json' } }],
  ['daemon.lock_out', '[daemon]\nlock_out = "everywhere"', { daemon: { lockOut: 'everywhere' } }],
  ['daemon.hosts', '[daemon]\nhosts = ["Gate.test"]', { daemon: { hosts: ['gate.test'] } }],
  ['daemon.tls.cert', SECURE, { daemon: { tls: { cert: '/c.pem' } } }],
  ['daemon.tls.key', SECURE, { daemon: { tls: { key: { file: 'k.pem' } } } }],
  ['daemon.tls.client_ca', SECURE, { daemon: { tls: { clientCa: '/r.pem' } } }],
  ['stdio.agent', '[stdio]\nagent = "coder"', { stdioAgent: 'coder' }],
  ['stdio.manifest', '[stdio]\nmanifest = "/m.json"', { stdioManifest: '/m.json' }],
];
