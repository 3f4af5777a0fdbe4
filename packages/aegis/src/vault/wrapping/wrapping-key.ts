import type { WrappedKey } from '../document.ts';

/** What seals the data key of a vault, and stands outside of its file. */
export interface WrappingKey {
  readonly kind: WrappedKey['kind'];
  /** How messages call it: ``the key file `/home/ada/.config/aegis/vault-key` ``. Holds no secret. */
  readonly name: string;
  /** Makes it where it can be made and is not there yet; for a vault that is still to come. */
  prepare(): Promise<void>;
  /** Fails with `CONFIG_INVALID` when the key cannot be had. */
  wrap(dataKey: Uint8Array, context: string): Promise<WrappedKey>;
  /** The data key; undefined when this key does not open it. Fails with `CONFIG_INVALID` when the key cannot be had. */
  unwrap(wrapped: WrappedKey, context: string): Promise<Uint8Array | undefined>;
}
