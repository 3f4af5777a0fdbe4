/** A HashiCorp Vault or an OpenBao, without a path. */
interface ConfiguredVaultService {
  readonly url: string;
  readonly token: OutsideVault;
  readonly namespace?: string;
}

/** Where a credential is kept that opens the vault, and cannot be in it. */
type OutsideVault = { readonly env: string } | { readonly file: string };

/** What opens the vault; paths are absolute. */
export type ConfiguredVaultKey =
  /** The key file in the user's own configuration folder. */
  | { readonly kind: 'own' }
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'passphrase'; readonly from: 'prompt' | OutsideVault }
  | { readonly kind: 'keyring'; readonly service: string }
  | ({ readonly kind: 'transit'; readonly mount: string; readonly key: string } & ConfiguredVaultService)
  | ({ readonly kind: 'kv'; readonly path: string; readonly field: string } & ConfiguredVaultService);

/** Where credentials are kept that are named by `{ secret }`. */
export interface ConfiguredVault {
  /** Absolute path. */
  readonly file: string;
  readonly key: ConfiguredVaultKey;
  /** What opened it before. */
  readonly oldKey?: ConfiguredVaultKey;
}
