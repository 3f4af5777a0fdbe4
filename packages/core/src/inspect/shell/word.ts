import { expandBraces } from './braces.ts';
import {
  type Field,
  field,
  HOLE,
  NOWHERE,
  type Origin,
  originsOf,
  type Stream,
  withoutTail,
} from './field.ts';
import { MAX_SHELL_LENGTH, TooComplex } from './limits.ts';
import { expandName, expandParameter, together } from './parameter.ts';
import { MAX_PATH_LENGTH } from './place.ts';
import type { Reader } from './reader.ts';
import { childScope, type Scope, UNKNOWN, valuesOf } from './scope.ts';
import type { Arithmetic, Part, Script, Test, Word } from './tree.ts';

/** The arguments that words become: braces, parameters, substitutions, field splitting, quotes. */
export function expandWords(words: readonly Word[], scope: Scope, reader: Reader): readonly Field[] {
  return words.flatMap((word) => expandWord(word, scope, reader));
}

export function expandWord(word: Word, scope: Scope, reader: Reader): readonly Field[] {
  reader.step();
  const { parts } = word;
  if (parts === undefined) return [field(word.value)];
  if (parts.some(({ type }) => type === 'BraceExpansion')) {
    return bracedWords(word, reader).flatMap((plain) =>
      plain === undefined ? [UNKNOWN] : expandWord(plain, scope, reader),
    );
  }
  const fields = new Fields(valuesOf(scope, 'IFS')?.[0]?.text ?? ' \t\n');
  for (const part of parts) addPart(fields, part, false, scope, reader);
  return counted(fields.end(), reader);
}

/** The text of a word where nothing is split: values, targets of redirections, bodies of here-documents. */
export function expandText(word: Word, scope: Scope, reader: Reader): Field {
  reader.step();
  return word.parts === undefined ? field(word.value) : expandParts(word.parts, scope, reader);
}

export function expandParts(parts: readonly Part[], scope: Scope, reader: Reader): Field {
  const fields = new Fields('');
  for (const part of parts) addPart(fields, part, true, scope, reader);
  return together(counted(fields.end(), reader));
}

/** SECURITY: a short line can become long arguments, again and again; each is matched against patterns. */
function counted(fields: readonly Field[], reader: Reader): readonly Field[] {
  for (const { text, glob } of fields) {
    reader.step(1 + (text.length >> 6));
    if (glob && text.length > MAX_PATH_LENGTH) throw new TooComplex('a pattern of file names grows too long');
  }
  return fields;
}

/** What braces make of a word, each a word of its own; undefined stands for one that is not known. */
function bracedWords({ text }: Word, reader: Reader): readonly (Word | undefined)[] {
  const sources = expandBraces(text);
  if (sources === undefined) return [undefined];
  return sources.map((source) => {
    reader.step();
    if (source === '') return { type: 'Word', text: '', value: '', parts: [] };
    const command = reader.parse(`: ${source}`).commands[0]?.command;
    const word = command?.type === 'Command' ? command.suffix[0] : undefined;
    return word?.type === 'Word' && !word.parts?.some(({ type }) => type === 'BraceExpansion')
      ? word
      : undefined;
  });
}

function addPart(fields: Fields, part: Part, quoted: boolean, scope: Scope, reader: Reader): void {
  reader.step();
  const add = (values: readonly Field[]): void => fields.values(values, quoted);
  switch (part.type) {
    case 'Literal':
      return fields.literal(part.value);
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return fields.literal(part.value, true);
    case 'DoubleQuoted':
    case 'LocaleString':
      fields.literal('', true);
      for (const inner of part.parts) addPart(fields, inner, true, scope, reader);
      return;
    case 'Glob':
      return fields.glob(part.text);
    case 'ExtendedGlob':
      for (const inner of part.parts ?? []) addPart(new Fields(''), inner, true, scope, reader);
      return fields.glob('*');
    case 'BraceExpansion':
      for (const inner of part.parts ?? []) addPart(new Fields(''), inner, true, scope, reader);
      return fields.literal(quoted ? part.text : HOLE);
    case 'SimpleExpansion':
      return add(expandName(scope, part.text.slice(1)));
    case 'ParameterExpansion':
      return add(expandParameter(part, scope, (word) => expandText(word, scope, reader)));
    case 'CommandExpansion': {
      const { text, from } = substituted(part.script, scope, reader);
      return add([field(text === undefined ? HOLE : withoutTail(text, '\n'), from)]);
    }
    case 'ArithmeticExpansion':
      if (part.expression !== undefined) readArithmetic(part.expression, scope, reader);
      return add([UNKNOWN]);
    case 'ProcessSubstitution': {
      const stream = substituted(part.script, scope, reader, part.operator === '>');
      return fields.pipe(stream);
    }
  }
}

function substituted(script: Script | undefined, scope: Scope, reader: Reader, reads = false): Stream {
  if (script === undefined) return { text: undefined, from: NOWHERE };
  const stdin: Stream | undefined = reads ? { text: undefined, from: new Set(['program']) } : undefined;
  return reader.nested(() => reader.script(script, childScope(scope), stdin));
}

/** What the substitutions of an arithmetic expression do. */
export function readArithmetic(expression: Arithmetic, scope: Scope, reader: Reader): void {
  reader.nested(() => {
    reader.step();
    switch (expression.type) {
      case 'ArithmeticBinary':
        readArithmetic(expression.left, scope, reader);
        return readArithmetic(expression.right, scope, reader);
      case 'ArithmeticUnary':
        return readArithmetic(expression.operand, scope, reader);
      case 'ArithmeticTernary':
        readArithmetic(expression.test, scope, reader);
        readArithmetic(expression.consequent, scope, reader);
        return readArithmetic(expression.alternate, scope, reader);
      case 'ArithmeticGroup':
        return readArithmetic(expression.expression, scope, reader);
      case 'ArithmeticWord':
        expandParts(expression.parts ?? [], scope, reader);
        return;
      case 'ArithmeticCommandExpansion':
        substituted(expression.script, scope, reader);
        return;
    }
  });
}

/** What the substitutions of a `[[ ... ]]` do. */
export function readTest(test: Test, scope: Scope, reader: Reader): void {
  reader.nested(() => {
    switch (test.type) {
      case 'TestUnary':
        expandText(test.operand, scope, reader);
        return;
      case 'TestBinary':
        expandText(test.left, scope, reader);
        expandText(test.right, scope, reader);
        return;
      case 'TestLogical':
        for (const operand of test.operands) readTest(operand, scope, reader);
        return;
      case 'TestNot':
        return readTest(test.operand, scope, reader);
      case 'TestGroup':
        return readTest(test.expression, scope, reader);
    }
  });
}

/** The arguments that one word becomes, while its parts come in. */
class Fields {
  readonly #done: Field[] = [];
  readonly #separators: string;
  #text = '';
  #glob = false;
  #from: ReadonlySet<Origin> = NOWHERE;
  #pipe: Stream | undefined;
  /** Whether there is an argument even if its text stays empty. */
  #begun = false;

  constructor(separators: string) {
    this.#separators = separators;
  }

  literal(text: string, quoted = false): void {
    this.#text += text;
    if (quoted || text !== '') this.#begun = true;
    if (this.#text.length > MAX_SHELL_LENGTH) throw new TooComplex('a word grows too long');
  }

  glob(text: string): void {
    this.literal(text);
    this.#glob = true;
  }

  pipe(stream: Stream): void {
    this.literal('/dev/fd/63');
    this.#pipe = stream;
  }

  /** What an expansion became: whole within quotes, split outside. */
  values(values: readonly Field[], quoted: boolean): void {
    for (const [index, value] of values.entries()) {
      if (index > 0) this.#next();
      this.#from = originsOf({ from: this.#from }, value);
      if (quoted) {
        this.literal(value.text, true);
        continue;
      }
      // SECURITY: where words end is not known, so neither is what they are.
      if (this.#separators.includes(HOLE) && value.text !== '') {
        this.literal(HOLE);
        continue;
      }
      if (value.glob || /[*?[]/.test(value.text)) this.#glob = true;
      for (const [part, piece] of this.#split(value.text).entries()) {
        if (part > 0) this.#next(value.from);
        this.literal(piece);
      }
    }
  }

  end(): readonly Field[] {
    this.#next();
    return this.#done;
  }

  #split(text: string): readonly string[] {
    const pieces = [''];
    for (const char of text) {
      if (this.#separators.includes(char)) pieces.push('');
      else pieces[pieces.length - 1] += char;
    }
    return pieces;
  }

  #next(from: ReadonlySet<Origin> = NOWHERE): void {
    if (this.#begun) {
      const pipe = this.#pipe === undefined ? {} : { pipe: this.#pipe };
      this.#done.push({ text: this.#text, glob: this.#glob, from: this.#from, ...pipe });
    }
    this.#text = '';
    this.#glob = false;
    this.#from = from;
    this.#pipe = undefined;
    this.#begun = false;
  }
}
