import type { SecretReference } from '../../ports.ts';
import type { RoleGrant } from '@aegis/core';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Whose access tokens count. */
export interface ConfiguredOAuth {
  readonly issuer: string;
  readonly audience: string;
  /** Where the keys of the issuer are; the path is absolute. */
  readonly jwks:
    | { readonly kind: 'url'; readonly url: string }
    | { readonly kind: 'file'; readonly file: string };
  readonly claim: string;
  readonly scopes: readonly string[];
  readonly typ: 'at+jwt' | 'JWT';
  readonly algorithms: readonly string[];
}

/** Where people sign in. */
export interface ConfiguredOidc {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: SecretReference | undefined;
  /** The origin by which browsers reach the daemon. */
  readonly url: string;
  readonly scopes: readonly string[];
  /** The claim that names a person. */
  readonly name: string;
  /** The claim whose values give roles. */
  readonly claim: string;
  readonly sessionMs: number;
  readonly algorithms: readonly string[];
  readonly grants: readonly RoleGrant[];
}

/** The certificate of the HTTP door; paths are absolute. */
export interface ConfiguredTls {
  readonly cert: string;
  readonly key: SecretReference;
  /** Roots of the certificates of clients. */
  readonly clientCa?: string;
}

/** What `aegisd` writes on standard error. */
export interface ConfiguredLog {
  /** The least that is written. */
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly format: 'text' | 'json';
}

/** The HTTP door. */
export interface ConfiguredDaemon extends Address {
  /** A second door, for MCP alone. */
  readonly mcp?: Address;
  readonly anonymous?: string;
  /** By which it may be called, beside the names of this machine. */
  readonly hosts: readonly string[];
  /** From where somebody who guesses credentials is locked out. */
  readonly lockOut: 'network' | 'everywhere';
  readonly tls?: ConfiguredTls;
}
