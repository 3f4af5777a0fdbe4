import { readFile } from 'node:fs/promises';
import { isJsonObject, readDocument } from '@aegis/core';
import type { Configuration } from '../config/configuration.ts';
import type { ConfiguredServer } from '../config/configured/parties.ts';
import { listSecrets, type SecretFacts } from './secret-changes.ts';

/** Something that agents reach through Aegis. */
export interface Service {
  readonly name: string;
  readonly kind: 'server' | 'domain';
  /** Of a server; its address and command can hold credentials. */
  readonly server?: ConfiguredServer;
  readonly domain?: string;
  /** The credentials that it is given, and the secrets of the vault that are for it. */
  readonly credentials: number;
}

/** The servers of the configuration, and the domains that policies in the form of lists allow. */
export async function listServices(configuration: Configuration): Promise<readonly Service[]> {
  const secrets = (await listSecrets(configuration)) ?? [];
  const servers = configuration.servers.map((server): Service => {
    const given = Object.values(server.kind === 'stdio' ? server.env : server.headers).filter(
      (value) => typeof value !== 'string',
    );
    const named = given.flatMap((value) => ('secret' in value ? [value.secret] : []));
    const others = secrets.filter(({ name, service }) => service === server.name && !named.includes(name));
    return { name: server.name, kind: 'server', server, credentials: given.length + others.length };
  });
  const domains = (await allowedDomains(configuration)).map(
    (domain): Service => ({
      name: domain,
      kind: 'domain',
      domain,
      credentials: secrets.filter((secret) => isFor(secret, domain)).length,
    }),
  );
  return [...servers, ...domains];
}

/** `openai` is what `api.openai.com` belongs to: the whole name, or one word of it. */
function isFor({ service }: SecretFacts, domain: string): boolean {
  return service !== undefined && (service === domain || domain.split('.').slice(0, -1).includes(service));
}

async function allowedDomains({ policyFiles }: Configuration): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const file of policyFiles) {
    const text = await readFile(file, 'utf8').catch(() => '');
    const { value } = readDocument({ text, file });
    const domains = isJsonObject(value) ? value['allowedDomains'] : undefined;
    if (!Array.isArray(domains)) continue;
    for (const domain of domains) if (typeof domain === 'string') found.add(domain);
  }
  return [...found];
}
