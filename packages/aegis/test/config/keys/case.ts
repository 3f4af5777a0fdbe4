/** A key, a configuration that sets it, and what the configuration becomes by it. */
export type Case = readonly [key: string, text: string, want: object];
