import { foundDenying } from './effects.ts';
import { HOLE, joined, NOWHERE, originsOf, SILENT, type Stream } from './field.ts';
import { MAX_NAMES, TooComplex } from './limits.ts';
import type { Reader } from './reader.ts';
import { redirect } from './redirection.ts';
import { assign, childScope, type Scope, UNKNOWN } from './scope.ts';
import { readSimpleCommand } from './simple-command.ts';
import type { Node, Statement } from './tree.ts';
import { expandText, expandWords, readArithmetic, readTest } from './word.ts';

/** A loop over more values than this is read once, with a value that is not known. */
const MAX_ROUNDS = 16;

/** What statements do, one after the other, and what they write together. */
export function readStatements(
  statements: readonly Statement[],
  scope: Scope,
  stdin: Stream | undefined,
  reader: Reader,
): Stream {
  let output = SILENT;
  for (const { command, background } of statements) {
    const where = background === true ? { ...childScope(scope), parallel: true } : scope;
    output = joined(output, readNode(command, where, stdin, reader));
  }
  return output;
}

function readNode(node: Node, scope: Scope, stdin: Stream | undefined, reader: Reader): Stream {
  reader.step();
  return reader.nested(() => {
    switch (node.type) {
      case 'Command':
        return readSimpleCommand(node, scope, stdin, reader);
      case 'Pipeline':
        return readPipeline(node.commands, scope, stdin, reader);
      case 'AndOr':
        return readAlternatives(node, scope, stdin, reader);
      case 'If':
        return settle(scope, readBranches(node, scope, stdin, reader));
      case 'While': {
        readStatements(node.clause.commands, scope, stdin, reader);
        return settle(
          scope,
          maybe(scope, () => readStatements(node.body.commands, scope, stdin, reader)),
        );
      }
      case 'For':
      case 'Select':
        return settle(scope, readLoop(node, scope, stdin, reader));
      case 'ArithmeticFor': {
        for (const part of [node.initialize, node.test, node.update]) {
          if (part !== undefined) readArithmetic(part, scope, reader);
        }
        return settle(
          scope,
          maybe(scope, () => readStatements(node.body.commands, scope, stdin, reader)),
        );
      }
      case 'Subshell':
        return readStatements(node.body.commands, childScope(scope), stdin, reader);
      case 'BraceGroup':
        return readStatements(node.body.commands, scope, stdin, reader);
      case 'Case': {
        expandText(node.word, scope, reader);
        return settle(
          scope,
          anyOf(
            node.items.map(({ pattern, body }) => {
              for (const word of pattern) expandText(word, scope, reader);
              return maybe(scope, () => readStatements(body.commands, scope, stdin, reader));
            }),
          ),
        );
      }
      case 'TestCommand':
        readTest(node.expression, scope, reader);
        return SILENT;
      case 'ArithmeticCommand':
        if (node.expression !== undefined) readArithmetic(node.expression, scope, reader);
        return SILENT;
      case 'Redirected': {
        const ends = redirect(node.redirects, scope, reader);
        const inner = ends.socket ? { ...scope, socket: true } : scope;
        const output = ends.write(readNode(node.command, inner, ends.stdin ?? stdin, reader));
        scope.folder = inner.folder;
        return output;
      }
      case 'Function': {
        const name = expandText(node.name, scope, reader).text;
        const before = scope.functions.get(name);
        // SECURITY: where this may not happen, the function may still be what it was.
        if (before !== undefined && scope.conditional > 0) {
          readFunctionCall(before, childScope(scope), undefined, reader);
        }
        scope.functions.set(name, node.body);
        if (scope.functions.size > MAX_NAMES) throw new TooComplex(`more than ${MAX_NAMES} functions`);
        return SILENT;
      }
      case 'Coproc':
        return readBody(node.body, childScope(scope), { text: undefined, from: NOWHERE }, reader);
    }
  });
}

type Body = Extract<Node, { type: 'Coproc' }>['body'];

function readBody(body: Body, scope: Scope, stdin: Stream | undefined, reader: Reader): Stream {
  return body.type === 'CompoundList'
    ? readStatements(body.commands, scope, stdin, reader)
    : readNode(body, scope, stdin, reader);
}

/** A function that is called. One that calls itself is not followed again. */
export function readFunctionCall(
  body: Body,
  scope: Scope,
  stdin: Stream | undefined,
  reader: Reader,
): Stream {
  const { open, made } = reader.calls;
  if (open.has(body)) {
    if (scope.parallel)
      foundDenying(reader.effects, 'shell.disruption', 'a function starts itself over and over');
    return { text: undefined, from: NOWHERE };
  }
  open.add(body);
  made.add(body);
  try {
    return reader.nested(() => readBody(body, scope, stdin, reader));
  } finally {
    open.delete(body);
  }
}

/** Every stage is a subshell that reads what the one before it writes. */
function readPipeline(
  stages: readonly Node[],
  scope: Scope,
  stdin: Stream | undefined,
  reader: Reader,
): Stream {
  if (stages.length === 1 && stages[0] !== undefined) return readNode(stages[0], scope, stdin, reader);
  let stream = stdin;
  for (const stage of stages) {
    stream = readNode(stage, { ...childScope(scope), parallel: true }, stream, reader);
  }
  return stream ?? SILENT;
}

function readAlternatives(
  { commands, operators }: Extract<Node, { type: 'AndOr' }>,
  scope: Scope,
  stdin: Stream | undefined,
  reader: Reader,
): Stream {
  const start = scope.folder;
  let moved = false;
  const outputs: Stream[] = [];
  for (const [index, command] of commands.entries()) {
    const before = scope.folder;
    // Behind `&&` the folder is where `cd` went; behind `||` nobody knows.
    if (operators[index - 1] === '||' && before !== start) scope.folder = HOLE;
    if (index > 0) scope.conditional++;
    try {
      outputs.push(readNode(command, scope, stdin, reader));
    } finally {
      if (index > 0) scope.conditional--;
    }
    moved ||= index > 0 && scope.folder !== before;
  }
  if (moved) scope.folder = HOLE;
  const telling = outputs.filter((output) => output !== SILENT);
  return telling.length === 1 ? (telling[0] ?? SILENT) : anyOf(telling);
}

function readBranches(
  node: Extract<Node, { type: 'If' }>,
  scope: Scope,
  stdin: Stream | undefined,
  reader: Reader,
): Stream {
  const first = readStatements(node.clause.commands, scope, stdin, reader);
  const bodies = [node.then, ...node.elif.flatMap(({ clause, then }) => [clause, then])];
  if (node.else !== undefined) bodies.push(node.else);
  return joined(
    first,
    anyOf(bodies.map((body) => maybe(scope, () => readStatements(body.commands, scope, stdin, reader)))),
  );
}

function readLoop(
  node: Extract<Node, { type: 'For' | 'Select' }>,
  scope: Scope,
  stdin: Stream | undefined,
  reader: Reader,
): Stream {
  const name = expandText(node.name, scope, reader).text;
  const values = node.wordlist === undefined ? [UNKNOWN] : expandWords(node.wordlist, scope, reader);
  const followed = values.length <= MAX_ROUNDS ? values : [UNKNOWN];
  const outputs: Stream[] = [];
  for (const [round, value] of followed.entries()) {
    if (round === 0) assign(scope, name, [value]);
    else scope.variables.set(name, [value]);
    const read = (): Stream => readStatements(node.body.commands, scope, stdin, reader);
    outputs.push(maybe(scope, read));
  }
  // SECURITY: a loop may be left in any round.
  if (followed.length > 1) scope.variables.set(name, [UNKNOWN]);
  return outputs.length === 1 ? (outputs[0] ?? SILENT) : anyOf(outputs);
}

/** Reads what may not run at all: what comes next starts from where this started. */
function maybe(scope: Scope, read: () => Stream): Stream {
  const { folder } = scope;
  scope.conditional++;
  try {
    return read();
  } finally {
    scope.conditional--;
    scope.astray ||= scope.folder !== folder;
    scope.folder = folder;
  }
}

/** SECURITY: after a branch that may have gone to another folder nobody knows where the line is. */
function settle(scope: Scope, output: Stream): Stream {
  if (scope.astray) scope.folder = HOLE;
  scope.astray = false;
  return output;
}

/** One of the outputs, nobody knows which. */
function anyOf(outputs: readonly Stream[]): Stream {
  const telling = outputs.filter((output) => output !== SILENT);
  if (telling.length === 0) return SILENT;
  const [first] = telling;
  if (first !== undefined && telling.length === 1 && outputs.length === 1) return first;
  return { text: undefined, from: originsOf(...telling) };
}
