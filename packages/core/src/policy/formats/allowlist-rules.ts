import type { SourceNode, SourceScalar } from '../../source/node.ts';
import type { SourcePath } from '../../source/report.ts';
import type { Translation, TranslatedEntry } from './translation.ts';

/** What a condition asks of a fact, and where in the original it comes from. */
export interface Wanted {
  readonly path: SourcePath;
  readonly node: SourceNode;
}

/** What must hold of a call; a host or a path that is not asked for must not be there. */
interface Reach {
  readonly domains?: Wanted;
  readonly methods?: Wanted | undefined;
  readonly sandbox?: Wanted;
}

/** The rules of an allowlist, in the order in which they are written. */
export class AllowlistRules {
  readonly written: SourceNode[] = [];
  readonly #translation: Translation;

  constructor(translation: Translation) {
    this.#translation = translation;
  }

  /** That there is a value, whatever it is. */
  anything(path: SourcePath): Wanted {
    return { path, node: this.#exists(true, path) };
  }

  deny(name: string, fact: 'host' | 'path', wanted: Wanted | undefined, reason: string): void {
    if (wanted === undefined) return;
    const when = this.#translation.table([[fact, wanted.node]], wanted.path);
    this.#rule(wanted.path, { name, action: 'deny', reason }, when);
  }

  allow(name: string, capabilities: readonly string[], { domains, methods, sandbox }: Reach): void {
    const { path } = domains ?? sandbox ?? { path: [] };
    const only = capabilities.map((capability) => this.#translation.scalar(capability, path));
    const when: TranslatedEntry[] = [
      ['capability', this.#translation.list(only, path)],
      ['host', domains?.node ?? this.#exists(false, path)],
      ['path', sandbox?.node ?? this.#exists(false, path)],
      ['args.method', methods?.node],
    ];
    this.#rule(path, { name, match: 'tools/call', action: 'allow' }, this.#translation.table(when, path));
  }

  #exists(there: boolean, path: SourcePath): SourceNode {
    return this.#translation.table([['exists', this.#translation.scalar(there, path)]], path);
  }

  #rule(path: SourcePath, words: Readonly<Record<string, SourceScalar['value']>>, when: SourceNode): void {
    const entries = Object.entries(words).map(
      ([key, word]): TranslatedEntry => [key, this.#translation.scalar(word, path)],
    );
    this.written.push(this.#translation.table([...entries, ['when', when]], path));
  }
}
