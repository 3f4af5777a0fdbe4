import { constantText } from '../code/value.ts';
import { isPunctuator } from '../code/stream.ts';
import type { Hit, ScanRule } from '../rule.ts';

const LISTENERS =
  /(?:^|\.)(?:listen|bind|serve|run|run_server|createServer|run_app|ListenAndServe|ListenAndServeTLS|Listen|run_http_async|start_server)$/;
const EVERYWHERE = /^(?:0\.0\.0\.0|::|\[::\])(?::\d{1,5})?$|^:\d{1,5}$/;

export const openListener: ScanRule = {
  id: 'net.open_listener',
  severity: 'medium',
  title: 'listens on every network',
  why: 'Whoever reaches the machine reaches the server, and with it everything that the server can do. Listen on 127.0.0.1 unless a proxy with authentication stands before it.',
  find: ({ code }) =>
    code === undefined
      ? []
      : code.calls.flatMap(({ name, args, named, start, end }): readonly Hit[] => {
          if (!LISTENERS.test(name)) return [];
          const values = [
            ...args,
            ...(['host', 'hostname', 'address'] as const).map((key) => named.get(key) ?? []),
          ];
          const open = values.some((value) => {
            const inner = isPunctuator(value[0], '(') ? value.slice(1, 2) : value;
            return EVERYWHERE.test(constantText(inner) ?? '');
          });
          return open
            ? [{ start, end, message: `\`${name}\` listens on every network`, capability: 'net.egress' }]
            : [];
        }),
};

const PERMISSIONS = /(?:^|\.)(?:chmod|chmodSync|fchmod|lchmod|Chmod)$/;
const UMASK = /(?:^|\.)umask$/i;

export const worldWritable: ScanRule = {
  id: 'fs.world_writable',
  severity: 'medium',
  title: 'files that everybody on the machine may write',
  why: 'Another user or program puts its own text where this one reads, or runs, it.',
  find: ({ code }) =>
    code === undefined
      ? []
      : code.calls.flatMap(({ name, args, start, end }): readonly Hit[] => {
          const mode = args[UMASK.test(name) ? 0 : name.endsWith('chmod') && args.length === 1 ? 0 : 1];
          const digits = mode?.length === 1 ? (mode[0]?.text.replace(/^0o?|["']/g, '') ?? '') : '';
          const writable = PERMISSIONS.test(name) && /^[0-7]{0,3}[0-7]{2}[2367]$/.test(digits);
          const unmasked = UMASK.test(name) && args.length === 1 && /^0*$/.test(digits);
          return writable || unmasked
            ? [{ start, end, message: `\`${name}\` lets everybody write`, capability: 'fs.write' }]
            : [];
        }),
};
