import { readFileSync } from 'node:fs';
import { AegisError } from '@aegis/core';
import type { ClientConfig } from 'pg';

/** A connection string, taken apart. It prints without its password wherever it is turned into text. */
export interface Dsn {
  /** For the driver. */
  readonly config: ClientConfig;
  /** `host:port/database`, for messages. */
  readonly place: string;
}

/** The parameters that have an effect; every other one is refused. */
const PARAMETERS: ReadonlySet<string> = new Set(['host', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey']);

const TLS_MODES: ReadonlySet<string> = new Set(['require', 'verify-ca', 'verify-full']);

/**
 * Reads `postgres://user:password@host:port/database?sslmode=...`. A host that is a path, or `?host=/path`, is
 * the folder of a Unix socket.
 *
 * SECURITY: beyond this machine the connection is TLS and the certificate and its name are verified, whichever of
 * the modes `require`, `verify-ca` and `verify-full` is written, or none; only `sslmode=disable` turns it off.
 *
 * Throws `CONFIG_INVALID` for a text that is no connection string, and `FILE_UNREADABLE` for a certificate that
 * cannot be read; neither message holds the text.
 */
export function readDsn(text: string): Dsn {
  const url = parsed(text);
  const unknown = [...url.searchParams.keys()].find((name) => !PARAMETERS.has(name));
  if (unknown !== undefined) throw invalid(`it has the unknown parameter \`${unknown}\``);
  const host =
    url.searchParams.get('host') ?? (decoded(url.hostname).replace(/^\[(.*)\]$/, '$1') || 'localhost');
  const port = Number(url.port || 5432);
  const database = decoded(url.pathname.slice(1));
  if (database === '') throw invalid('it names no database');
  const ssl = tlsOf(url, host);
  return {
    place: `${host}:${port}/${database}`,
    config: {
      host,
      port,
      database,
      ssl,
      ...(url.username === '' ? {} : { user: decoded(url.username) }),
      ...(url.password === '' ? {} : { password: decoded(url.password) }),
    },
  };
}

// SECURITY: what is wrong with the text is said without the text, which may hold a password.
function parsed(text: string): URL {
  // A Unix socket has no host: `postgres://user@/database?host=/folder` is no URL as it stands.
  const url = URL.parse(text) ?? URL.parse(text.replace('@/', '@localhost/'));
  if (url === null || !['postgres:', 'postgresql:'].includes(url.protocol)) {
    throw invalid('it is not of the form `postgres://user@host:port/database`');
  }
  // SECURITY: a `/` or `?` in a password ends the host, and the rest of it would pass for a database or a parameter.
  if (url.hash !== '' || /[@/]/.test(url.pathname.slice(1)) || url.search.includes('@')) {
    throw invalid('a character of its password or of another part has to be encoded, as `%2F` for `/`');
  }
  return url;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid('it holds a `%` that encodes nothing');
  }
}

function tlsOf({ searchParams }: URL, host: string): Exclude<ClientConfig['ssl'], undefined> {
  const mode = searchParams.get('sslmode') ?? (isLocal(host) ? 'disable' : 'verify-full');
  if (mode === 'disable') return false;
  if (!TLS_MODES.has(mode)) {
    throw invalid('its `sslmode` is none of `disable`, `require`, `verify-ca` and `verify-full`');
  }
  const read = (name: string): string | undefined => {
    const path = searchParams.get(name);
    return path === null ? undefined : readPem(name, path);
  };
  const [ca, cert, key] = ['sslrootcert', 'sslcert', 'sslkey'].map(read);
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }), rejectUnauthorized: true };
}

function readPem(parameter: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'it failed';
    throw new AegisError('FILE_UNREADABLE', `the \`${parameter}\` \`${path}\` cannot be read: ${reason}`);
  }
}

function isLocal(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('/') || /^127(\.\d+){3}$/.test(host);
}

function invalid(problem: string): AegisError {
  return new AegisError('CONFIG_INVALID', `the connection string of the ledger cannot be used: ${problem}`, {
    help: 'write `postgres://user@host:5432/database`; beyond this machine TLS is on',
  });
}
