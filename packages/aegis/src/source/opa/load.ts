import { X509Certificate } from 'node:crypto';
import {
  canonicalJson,
  type Diagnostic,
  isJsonObject,
  type JsonObject,
  type PolicyModule,
  type Position,
  type Sha256,
  type SourceDocument,
  suggest,
} from '@aegis/core';
import type { SecretReference, SecretStore } from '../../ports.ts';
import type { ReadText } from '../texts.ts';
import { readArchive } from './archive.ts';
import type { OpinionSource } from './opinion.ts';
import { OpaThread } from './thread.ts';

/** OPA of an installation; paths are absolute. */
export type OpaSources = {
  /** The document that is asked for: `aegis/decision`. */
  readonly entrypoint: string;
  readonly entrypointAt: Position;
  /** How long an answer may take, in milliseconds. */
  readonly deadlineMs: number;
  /** The parts of the input that it is shown. */
  readonly reads: PolicyModule['reads'];
} & (
  | {
      readonly kind: 'bundle';
      /** What `opa build -t wasm` made, or the module out of it. */
      readonly file: string;
      readonly data?: string;
      /** Most memory of the policy, in megabytes. */
      readonly memoryMb: number;
    }
  | {
      readonly kind: 'remote';
      readonly url: string;
      readonly token?: SecretReference;
      readonly ca?: string;
    }
);

export interface OpaOptions {
  readonly read: (file: string) => Promise<SourceDocument | undefined>;
  readonly readText: ReadText;
  readonly sha256: Sha256;
  readonly diagnostics: Diagnostic[];
  /** Gives the token of a service. */
  readonly secrets?: Pick<SecretStore, 'resolve'> | undefined;
}

export interface LoadedOpa {
  readonly module: PolicyModule;
  readonly source: OpinionSource;
}

/** How long a module may take to be compiled and made ready, in milliseconds. */
const START_MS = 20_000;
const PAGES_PER_MB = 16;

/** Makes the module that a policy asks before it decides. With any diagnostic there is none. */
export async function loadOpa(sources: OpaSources, options: OpaOptions): Promise<LoadedOpa | undefined> {
  return sources.kind === 'remote' ? openRemote(sources, options) : openBundle(sources, options);
}

async function openRemote(
  { url, entrypoint, deadlineMs, reads, token, ca: file }: Extract<OpaSources, { kind: 'remote' }>,
  { sha256, readText, diagnostics, secrets }: OpaOptions,
): Promise<LoadedOpa | undefined> {
  const ca = file === undefined ? undefined : await readRoots(file, readText, diagnostics);
  if (file !== undefined && ca === undefined) return undefined;
  const roots = ca === undefined ? {} : { ca: sha256(ca) };
  const digest = sha256(canonicalJson({ url, entrypoint, reads, ...roots }));
  const missing = () => Promise.reject(new Error('there is nobody who keeps tokens'));
  const { remoteOpa } = await import('./remote.ts');
  return {
    module: { rule: `opa:${entrypoint}`, digest, reads },
    source: remoteOpa({
      url,
      entrypoint,
      deadlineMs,
      ca,
      token: token && (() => secrets?.resolve(token, 'OPA') ?? missing()),
    }),
  };
}

async function readRoots(
  file: string,
  readText: ReadText,
  diagnostics: Diagnostic[],
): Promise<string | undefined> {
  const fault = (code: string, message: string): undefined => {
    diagnostics.push({ code, message, at: { file, line: 1, column: 1 } });
  };
  try {
    const text = await readText(file);
    return new X509Certificate(text).ca ? text : fault('opa', 'the certificate is not that of an authority');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'EACCES'
      ? fault('unreadable', `cannot read \`${file}\`: ${code}`)
      : fault('opa', 'there is no certificate in PEM');
  }
}

async function openBundle(
  sources: Extract<OpaSources, { kind: 'bundle' }>,
  { read, readText, sha256, diagnostics }: OpaOptions,
): Promise<LoadedOpa | undefined> {
  const { file, entrypoint, deadlineMs, memoryMb, reads } = sources;
  const fault = (code: string, message: string, at: Position, help?: string): undefined => {
    diagnostics.push({ code, message, at, ...(help === undefined ? {} : { help }) });
  };
  const start = { file, line: 1, column: 1 };
  const data = sources.data === undefined ? {} : await readData(sources.data, read, diagnostics);
  let bytes: Buffer;
  try {
    bytes = Buffer.from(await readText(file), 'base64');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    return fault('unreadable', `cannot read \`${file}\`: ${why}`, start);
  }
  if (data === undefined) return undefined;
  const packed = /\.(?:gz|tgz)$/.test(file);
  if (packed && sources.data !== undefined) {
    return fault(
      'no-effect',
      'an archive has data of its own: `data` means nothing beside it',
      sources.entrypointAt,
    );
  }
  const archive = packed ? readArchive(bytes) : { module: new Uint8Array(bytes), data };
  if (typeof archive === 'string') return fault('opa', `the bundle cannot be used: ${archive}`, start);
  const settings = {
    module: archive.module,
    data: JSON.stringify(archive.data),
    entrypoint,
    memoryPages: memoryMb * PAGES_PER_MB,
  };
  const thread = new OpaThread(settings, deadlineMs);
  const started = await thread.start(START_MS);
  if (started.kind === 'unusable') {
    await thread.close();
    const help = 'it is `policy.wasm` from the bundle that `opa build -t wasm -e <entrypoint>` writes';
    return fault('opa', `the module cannot be used: ${started.message}`, start, help);
  }
  if (!started.entrypoints.includes(entrypoint)) {
    await thread.close();
    const near = suggest(entrypoint, started.entrypoints);
    const known = started.entrypoints.map((one) => `\`${one}\``).join(', ');
    const help = near === undefined ? `the module has ${known}` : `did you mean \`${near}\`?`;
    return fault('unknown-entrypoint', `no entrypoint \`${entrypoint}\``, sources.entrypointAt, help);
  }
  const digest = sha256(
    canonicalJson({ module: sha256(settings.module), data: archive.data, entrypoint, reads }),
  );
  return { module: { rule: `opa:${entrypoint}`, digest, reads }, source: thread };
}

async function readData(
  file: string,
  read: (file: string) => Promise<SourceDocument | undefined>,
  diagnostics: Diagnostic[],
): Promise<JsonObject | undefined> {
  const document = await read(file);
  if (document === undefined) return undefined;
  diagnostics.push(...document.diagnostics);
  if (document.value === undefined || isJsonObject(document.value)) return document.value;
  const at = document.positionOf([]);
  diagnostics.push({ code: 'wrong-type', message: 'the data of OPA must be an object', at });
  return undefined;
}
