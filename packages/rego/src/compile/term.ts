import type { Term } from '../check/resolved.ts';
import type { Frame, Getter, Step } from '../evaluate/context.ts';
import { RegoObject, RegoSet, type Value } from '../value/value.ts';
import { callGetter, lowerCall } from './call.ts';
import { comprehensionGetter } from './comprehension.ts';
import { iterates, type Lowering } from './lowering.ts';
import { lowerRef, refGetter } from './ref.ts';
import { lowerTerms } from './terms.ts';

/** The value of a term whose variables are all bound. */
export function termGetter(term: Term, lowering: Lowering): Getter {
  switch (term.kind) {
    case 'scalar': {
      const { value } = term;
      return () => value;
    }
    case 'local': {
      const { slot } = term.local;
      return (frame) => frame.slots[slot];
    }
    case 'ref':
      return refGetter(term, lowering);
    case 'call':
      return callGetter(term, lowering);
    case 'comprehension':
      return comprehensionGetter(term, lowering);
    case 'array':
    case 'set':
    case 'object':
      return collectionGetter(
        term,
        membersOf(term).map((item) => termGetter(item, lowering)),
      );
  }
}

/** Goes on once for each value of a term. */
export function lowerTerm(term: Term, lowering: Lowering, then: (value: Getter) => Step): Step {
  if (!iterates(term, lowering)) return then(termGetter(term, lowering));
  switch (term.kind) {
    case 'ref':
      return lowerRef(term, lowering, then);
    case 'call':
      return lowerCall(term, lowering, then);
    case 'array':
    case 'set':
    case 'object':
      return lowerTerms(membersOf(term), lowering, (members) => then(collectionGetter(term, members)));
    case 'scalar':
    case 'local':
    case 'comprehension':
      return then(termGetter(term, lowering));
  }
}

type Collection = Extract<Term, { kind: 'array' | 'set' | 'object' }>;

function membersOf(term: Collection): readonly Term[] {
  return term.kind === 'object' ? term.entries.flat() : term.items;
}

function collectionGetter(term: Collection, members: readonly Getter[]): Getter {
  const make = maker(term.kind);
  if (isConstant(term)) {
    // A literal without variables is one value for all evaluations.
    const values = members.map((member) => member(NO_FRAME));
    const constant = make(values as readonly Value[]);
    return () => constant;
  }
  return (frame) => {
    const values: Value[] = [];
    for (const member of members) {
      const value = member(frame);
      if (value === undefined) return undefined;
      values.push(value);
    }
    frame.context.run.meter.grow(values.length);
    return make(values);
  };
}

const NO_FRAME = { slots: [], cells: [], out: undefined } as unknown as Frame;

function isConstant(term: Term): boolean {
  if (term.kind === 'scalar') return true;
  return isCollection(term) && membersOf(term).every(isConstant);
}

function isCollection(term: Term): term is Collection {
  return term.kind === 'array' || term.kind === 'set' || term.kind === 'object';
}

function maker(kind: Collection['kind']): (members: readonly Value[]) => Value {
  switch (kind) {
    case 'array':
      return (members) => members;
    case 'set':
      return (members) => RegoSet.of(members);
    case 'object':
      return (members) => {
        const object = new RegoObject();
        for (let i = 0; i + 1 < members.length; i += 2)
          object.set(members[i] as Value, members[i + 1] as Value);
        return object;
      };
  }
}
