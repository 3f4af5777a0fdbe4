/** What is pinned: definitions that a model reads before it acts, and what a server says of itself. */
export const PINNED_KINDS = ['tool', 'prompt', 'instructions'] as const;
export type PinnedKind = (typeof PINNED_KINDS)[number];

/**
 * What a server offers under a name, held against the pin: as pinned, something that was never accepted,
 * something else than the pin, nothing.
 */
export const PIN_STATES = ['pinned', 'new', 'changed', 'gone'] as const;
export type PinState = (typeof PIN_STATES)[number];
