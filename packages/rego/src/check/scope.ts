import type { Position, Report } from '../diagnostic.ts';
import type { Local } from './resolved.ts';

interface Declaration {
  readonly local: Local;
  readonly by: 'some' | 'other';
  isUsed: boolean;
}

/** The names of one body; bodies inside see those around them. */
export class Scope {
  readonly #parent: Scope | undefined;
  readonly #frame: FrameLayout;
  readonly #declared = new Map<string, Declaration>();
  readonly #mentioned = new Set<string>();

  constructor(frame: FrameLayout, parent?: Scope) {
    this.#frame = frame;
    this.#parent = parent;
  }

  inner(): Scope {
    return new Scope(this.#frame, this);
  }

  get frame(): FrameLayout {
    return this.#frame;
  }

  declare(name: string, at: Position, by: Declaration['by'], report: Report): Local {
    const previous = this.#declared.get(name);
    if (name !== '_' && previous !== undefined) {
      report(
        'rego_compile_error',
        `variable \`${name}\` is declared twice`,
        at,
        'give one of them another name',
      );
    } else if (this.#mentioned.has(name)) {
      report('rego_compile_error', `variable \`${name}\` is used before it is declared`, at);
    }
    const local = this.#frame.allocate(name, at);
    this.#declared.set(name, { local, by, isUsed: name === '_' });
    return local;
  }

  /** Arguments are not yet in the way of the names before them. */
  declareArgument(name: string, at: Position): Local {
    const local = this.#frame.allocate(name, at);
    this.#declared.set(name, { local, by: 'other', isUsed: true });
    return local;
  }

  /** The declared variable of that name, here or around. */
  find(name: string): Local | undefined {
    const local = this.#lookUp(name);
    // A body inside that mentions the name before it is declared out here means another variable.
    if (!this.#declared.has(name)) this.#mentioned.add(name);
    return local;
  }

  #lookUp(name: string): Local | undefined {
    const declaration = this.#declared.get(name);
    const parent = this.#parent;
    if (declaration === undefined) return parent === undefined ? undefined : parent.#lookUp(name);
    declaration.isUsed = true;
    return declaration.local;
  }

  reportUnused(report: Report): void {
    for (const { local, by, isUsed } of this.#declared.values()) {
      if (by === 'some' && !isUsed) {
        report('rego_compile_error', `declared variable \`${local.name}\` is unused`, local.at);
      }
    }
  }
}

/** The slots of one branch's frame. */
export class FrameLayout {
  size = 0;
  readonly #undeclared = new Map<string, Local>();

  allocate(name: string, at: Position): Local {
    return { slot: this.size++, name, at };
  }

  /** A variable that nothing declares is one and the same wherever the branch mentions it. */
  undeclared(name: string, at: Position): Local {
    if (name === '_') return this.allocate(name, at);
    let local = this.#undeclared.get(name);
    if (local === undefined) {
      local = this.allocate(name, at);
      this.#undeclared.set(name, local);
    }
    return local;
  }
}
