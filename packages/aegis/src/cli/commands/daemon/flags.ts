import { resolve } from 'node:path';
import { AegisError } from '@aegis/core';
import type { Flags } from '../../../config/flat/flat.ts';
import type { Arguments, Terminal } from '../../command.ts';

/** The options that stand in place of what the configuration says. */
export const FLAG_OPTIONS = {
  addr: { type: 'string' },
  'mcp-addr': { type: 'string' },
  dsn: { type: 'string' },
  manifest: { type: 'string' },
  'trust-mode': { type: 'string' },
  'rate-limit': { type: 'string' },
  'telemetry-path': { type: 'string' },
  'telemetry-disabled': { type: 'boolean' },
} as const;

/** What the command line says, by the keys of a flat file; paths are those of the working directory. */
export function flagsOf({ options }: Arguments, { cwd }: Pick<Terminal, 'cwd'>): Flags {
  const text = (name: keyof typeof FLAG_OPTIONS): string | undefined => {
    const value = options[name];
    return typeof value === 'string' ? value : undefined;
  };
  const path = (name: 'manifest' | 'telemetry-path'): string | undefined => {
    const value = text(name);
    return value === undefined ? undefined : resolve(cwd, value);
  };
  if (text('telemetry-path') !== undefined && options['telemetry-disabled'] === true) {
    throw new AegisError('INPUT_INVALID', '`--telemetry-path` means nothing beside `--telemetry-disabled`', {
      help: 'give one of them',
    });
  }
  const given = {
    addr: text('addr'),
    mcp_addr: text('mcp-addr'),
    dsn: text('dsn')?.replace(/^file:(?=[^/])/, `file:${cwd}/`),
    manifest: path('manifest'),
    trust_mode: text('trust-mode'),
    rate_limit: rateOf(text('rate-limit')),
    'telemetry.path': path('telemetry-path'),
    'telemetry.disabled': options['telemetry-disabled'] === true ? true : undefined,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function rateOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw new AegisError('INPUT_INVALID', `\`--rate-limit ${text}\` is no number of calls`, {
    help: 'it is how many calls an agent may make in a minute: `--rate-limit 120`',
  });
}
