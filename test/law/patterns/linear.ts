import { type Members, type Node, parsePattern, SAMPLE } from './node.ts';

/**
 * Why a search with a pattern could take more than time linear in the text; undefined when it cannot.
 *
 * A backtracking engine is linear where
 * - there is one way to leave every repetition without a bound, since what follows cannot begin with what is
 *   repeated; one of them may have many, when none comes after it and it is in no other;
 * - no attempt can begin inside of another one's repetitions: the pattern is anchored, or begins with something that
 *   is not repeated, or a look-behind or word boundary lets an attempt begin once only; or nothing after the only
 *   repetition can fail.
 * Bounded repetitions cost a constant at each place.
 */
export function problemOf(source: string, flags: string): string | undefined {
  const tree = parsePattern(source, flags);
  const options = tree.kind === 'choice' ? tree.options : [tree];
  for (const option of options) {
    const problem = problemOfOption(option, flags);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function problemOfOption(tree: Node, flags: string): string | undefined {
  const loops: Loop[] = [];
  collect(tree, { first: NONE, fails: false, loops: false }, loops, undefined);
  const unbounded = loops.filter(({ last }) => !last);
  const ambiguous = unbounded.filter(({ set, follow }) => overlaps(set, follow));
  if (ambiguous.some(({ inside }) => inside)) return 'a repetition in a repetition';
  if (ambiguous.some(({ before }) => before)) return 'two ways to leave a repetition before another one';
  if (unbounded.length === 0 || isAnchored(tree, flags)) return undefined;
  const covered = unbounded.map(({ covers }) => covers).reduce(union, NONE);
  if (beginsOutside(tree, covered, flags) || beginsOnce(tree, covered)) return undefined;
  return 'an attempt from every place of a repetition';
}

interface Loop {
  /** What is repeated begins so. */
  readonly set: Members;
  /** What it takes. */
  readonly covers: Members;
  /** What can come after it. */
  readonly follow: Members;
  /** Whether nothing after it can fail. */
  readonly last: boolean;
  readonly inside: boolean;
  /** Whether another one comes after it. */
  readonly before: boolean;
}

const NONE: Members = SAMPLE.map(() => false);
const WORD: Members = SAMPLE.map((character) => /\w/.test(character));

const union = (a: Members, b: Members): Members => a.map((member, i) => member || b[i] === true);
const overlaps = (a: Members, b: Members): boolean => a.some((member, i) => member && b[i] === true);

interface After {
  readonly first: Members;
  /** Whether what comes after can fail. */
  readonly fails: boolean;
  /** Whether a repetition without a bound comes after. */
  readonly loops: boolean;
}

/** The repetitions without a bound, with what comes after each. */
function collect(node: Node, after: After, loops: Loop[], around: Members | undefined): void {
  switch (node.kind) {
    case 'set':
    case 'edge':
      return;
    case 'look':
      collect(node.body, { first: NONE, fails: false, loops: after.loops }, loops, around);
      return;
    case 'choice':
      if (around !== undefined) noteChoice(node.options, after, loops);
      for (const option of node.options) collect(option, after, loops, around);
      return;
    case 'sequence': {
      let next = after;
      for (const [i, part] of [...node.parts.entries()].toReversed()) {
        collect(part, next, loops, around);
        // What takes everything always comes to the end.
        const ends = part.kind === 'edge' && part.name === '$' && takesAll(node.parts[i - 1]);
        next = ends ? next : before(part, next);
      }
      return;
    }
    case 'repeat': {
      const first = union(firstOf(node.body), after.first);
      if (node.max !== Number.POSITIVE_INFINITY) {
        const more = node.max > 1;
        // How often something bounded was repeated can be told in many ways by what repeats it.
        if (around !== undefined && node.min !== node.max) {
          loops.push({
            set: more ? firstOf(node.body) : NONE,
            covers: NONE,
            follow: after.first,
            last: !after.fails,
            inside: true,
            before: false,
          });
          if (!more && overlaps(firstOf(node.body), after.first)) noteAmbiguous(after, loops);
        }
        collect(
          node.body,
          { first: more ? first : after.first, fails: after.fails, loops: after.loops },
          loops,
          around,
        );
        return;
      }
      loops.push({
        set: firstOf(node.body),
        covers: all(node.body),
        follow: around === undefined ? after.first : union(after.first, around),
        last: !after.fails,
        inside: around !== undefined,
        before: after.loops,
      });
      collect(node.body, { first, fails: after.fails, loops: after.loops }, loops, first);
    }
  }
}

/** Options that begin alike are tried one after the other, in each round of what repeats them. */
function noteChoice(options: readonly Node[], after: After, loops: Loop[]): void {
  let seen = NONE;
  for (const option of options) {
    const first = firstOf(option);
    if (overlaps(seen, first)) return noteAmbiguous(after, loops);
    seen = union(seen, first);
  }
}

function noteAmbiguous(after: After, loops: Loop[]): void {
  const set = SAMPLE.map(() => true);
  loops.push({ set, covers: NONE, follow: set, last: !after.fails, inside: true, before: false });
}

/** What comes, seen from before a node. */
function before(node: Node, after: After): After {
  const empty = isEmptiable(node);
  const first = empty ? union(firstOf(node), after.first) : firstOf(node);
  return {
    first,
    fails: after.fails || !empty || node.kind === 'look' || node.kind === 'edge',
    loops: after.loops || isUnbounded(node),
  };
}

function takesAll(node: Node | undefined): boolean {
  return (
    node?.kind === 'repeat' &&
    node.max === Number.POSITIVE_INFINITY &&
    node.min === 0 &&
    all(node.body).every(Boolean)
  );
}

function isUnbounded(node: Node): boolean {
  switch (node.kind) {
    case 'set':
    case 'edge':
      return false;
    case 'look':
      return isUnbounded(node.body);
    case 'repeat':
      return node.max === Number.POSITIVE_INFINITY || isUnbounded(node.body);
    case 'choice':
      return node.options.some(isUnbounded);
    case 'sequence':
      return node.parts.some(isUnbounded);
  }
}

function isEmptiable(node: Node): boolean {
  switch (node.kind) {
    case 'set':
      return false;
    case 'edge':
    case 'look':
      return true;
    case 'repeat':
      return node.min === 0 || isEmptiable(node.body);
    case 'choice':
      return node.options.some(isEmptiable);
    case 'sequence':
      return node.parts.every(isEmptiable);
  }
}

function firstOf(node: Node): Members {
  switch (node.kind) {
    case 'set':
      return node.members;
    case 'edge':
    case 'look':
      return NONE;
    case 'repeat':
      return firstOf(node.body);
    case 'choice':
      return node.options.map(firstOf).reduce(union, NONE);
    case 'sequence': {
      let first = NONE;
      for (const part of node.parts) {
        first = union(first, firstOf(part));
        if (!isEmptiable(part)) break;
      }
      return first;
    }
  }
}

/** Every character that a node can take. */
function all(node: Node): Members {
  switch (node.kind) {
    case 'set':
      return node.members;
    case 'edge':
    case 'look':
      return NONE;
    case 'repeat':
      return all(node.body);
    case 'choice':
      return node.options.map(all).reduce(union, NONE);
    case 'sequence':
      return node.parts.map(all).reduce(union, NONE);
  }
}

function isAnchored(tree: Node, flags: string): boolean {
  if (flags.includes('y')) return true;
  if (tree.kind === 'choice') return tree.options.every((option) => isAnchored(option, flags));
  const [first] = tree.kind === 'sequence' ? tree.parts : [tree];
  if (first?.kind === 'choice') return isAnchored(first, flags);
  if (first?.kind === 'sequence') return isAnchored(first, flags);
  return first?.kind === 'edge' && first.name === '^' && !flags.includes('m');
}

/**
 * Whether the pattern begins with a character that none of these repetitions takes, or where the text does: once only
 * inside of them, either way.
 */
function beginsOutside(tree: Node, covered: Members, flags: string): boolean {
  switch (tree.kind) {
    case 'set':
      return !overlaps(tree.members, covered);
    case 'edge':
      return tree.name === '^' && !flags.includes('m');
    case 'look':
      return false;
    case 'choice':
      return tree.options.every((option) => beginsOutside(option, covered, flags));
    case 'repeat':
      return tree.min > 0 && (beginsOutside(tree.body, covered, flags) || !overlaps(all(tree.body), covered));
    case 'sequence': {
      for (const part of tree.parts) {
        if (beginsOutside(part, covered, flags)) return true;
        // What comes after a repetition is no beginning.
        if (isUnbounded(part)) return false;
      }
      return false;
    }
  }
}

/** Whether something before the repetition lets an attempt begin at its first character only. */
function beginsOnce(tree: Node, covered: Members): boolean {
  if (tree.kind === 'choice') return tree.options.every((option) => beginsOnce(option, covered));
  const [first] = tree.kind === 'sequence' ? tree.parts : [tree];
  if (first?.kind === 'choice') return beginsOnce(first, covered);
  if (first?.kind === 'edge' && first.name === '\\b') {
    return covered.every((member, i) => !member || WORD[i] === true);
  }
  if (first?.kind !== 'look' || !first.behind) return false;
  const seen = all(first.body);
  return first.negative
    ? covered.every((member, i) => !member || seen[i] === true)
    : !overlaps(covered, seen);
}
