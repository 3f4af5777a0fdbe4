import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AegisError } from '@aegis/core';
import type { HttpDoor } from '../api/server.ts';
import type { TlsMaterial } from '../api/tls/material.ts';
import type { Configuration } from '../config/configuration.ts';
import type { ConfiguredTls } from '../config/configured/doors.ts';
import type { SecretStore } from '../ports.ts';
import { watchFiles } from '../source/watch.ts';

/** Reads what the door shows and trusts. Fails with `CONFIG_INVALID`. */
export async function readTls(
  { cert, key, clientCa }: ConfiguredTls,
  secrets: SecretStore,
): Promise<TlsMaterial> {
  return {
    cert: await readPem(cert),
    key: (await secrets.resolve(key, 'the key of the HTTP door')).reveal(),
    clientCa: clientCa === undefined ? undefined : await readPem(clientCa),
  };
}

async function readPem(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const message = `cannot read \`${file}\` of [daemon.tls]: ${error.code ?? 'unknown error'}`;
    throw new AegisError('CONFIG_INVALID', message);
  });
}

/**
 * Shows a new certificate when its files change; one that cannot be used changes nothing, and `say` hears why.
 * Gives the end of it.
 */
export function followTls(
  { directory, vault }: Pick<Configuration, 'directory' | 'vault'>,
  tls: ConfiguredTls,
  door: Pick<HttpDoor, 'renew'>,
  { secrets, say }: { readonly secrets: SecretStore; readonly say: (line: string) => void },
): () => void {
  const files = [
    tls.cert,
    ...('file' in tls.key ? [resolve(directory, tls.key.file)] : []),
    ...('secret' in tls.key ? [vault.file] : []),
    ...(tls.clientCa === undefined ? [] : [tls.clientCa]),
  ];
  let said = '';
  const tell = (line: string): void => {
    if (line !== said) say(line);
    said = line;
  };
  let shown: string | undefined;
  const renew = async (): Promise<void> => {
    try {
      const material = await readTls(tls, secrets);
      const text = JSON.stringify(material);
      door.renew(material);
      if (shown !== undefined && shown !== text) tell('the certificate of the HTTP door was changed');
      shown = text;
    } catch (error) {
      const why = error instanceof Error ? error.message : 'unknown problem';
      tell(`the certificate of the HTTP door stays as it is: ${why}`);
    }
  };
  const watch = watchFiles(() => void renew());
  watch.follow(files);
  return () => watch.close();
}
