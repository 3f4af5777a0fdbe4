import { hash, timingSafeEqual } from 'node:crypto';
import type { Person } from '../ports.ts';

/** One person who may approve. */
export interface KnownPerson extends Person {
  /** Account of the operating system. */
  readonly account: string;
  /** What the person types on a page; undefined for one who does not answer there by name. */
  readonly key: string | undefined;
}

/** Who may approve, and how it is known who somebody is. */
export class People {
  readonly #known: readonly (Person & { readonly account: string; readonly key: Buffer | undefined })[];

  /** With nobody named, whoever has an account here is a person. */
  constructor(known: readonly KnownPerson[]) {
    this.#known = known.map(({ key, ...rest }) => ({
      ...rest,
      key: key === undefined ? undefined : digest(key),
    }));
  }

  /** Who has an account of the operating system. */
  byAccount(account: string): Person | undefined {
    if (this.#known.length === 0) return { name: account, roles: [] };
    return personOf(this.#known.find((one) => one.account === account));
  }

  /** A person of whom another door knows who it is, with the roles that it has here. */
  known({ name, roles }: Person): Person {
    const here = this.#known.find((one) => one.name === name)?.roles ?? [];
    return { name, roles: [...new Set([...roles, ...here])] };
  }

  byName(name: string): Person | undefined {
    if (this.#known.length === 0) return { name, roles: [] };
    return personOf(this.#known.find((one) => one.name === name));
  }

  /** Whether somebody can say on a page who it is. */
  get haveKeys(): boolean {
    return this.#known.some(({ key }) => key !== undefined);
  }

  /** Whose key it is. */
  byKey(key: string): Person | undefined {
    const given = digest(key);
    let found: Person | undefined;
    // SECURITY: digests of equal length, compared in constant time, all of them.
    for (const one of this.#known) {
      if (one.key !== undefined && timingSafeEqual(one.key, given)) found = personOf(one);
    }
    return found;
  }
}

function personOf(known: Person | undefined): Person | undefined {
  return known && { name: known.name, roles: known.roles };
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
