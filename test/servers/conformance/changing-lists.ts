export type Changing = 'tools' | 'prompts';

/** What has changed: a list, or the content of one resource. */
export type Change = { readonly kind: Changing } | { readonly kind: 'resource'; readonly uri: string };

/**
 * Lists that really change: each change shows the occasional tool or prompt, or hides it again, so
 * that a gateway that compares lists before it announces them has something to announce.
 */
export class ChangingLists {
  readonly #shown: Record<Changing, boolean> = { tools: false, prompts: false };
  readonly #listeners = new Set<(change: Change) => void>();

  shows(list: Changing): boolean {
    return this.#shown[list];
  }

  change(change: Change): void {
    if (change.kind !== 'resource') this.#shown[change.kind] = !this.#shown[change.kind];
    for (const listener of this.#listeners) listener(change);
  }

  /** Calls back after every change, until the returned function is called. */
  onChange(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
