import { foundDenying } from '../effects.ts';
import { unescape } from '../encoding.ts';
import { type Field, field, HOLE, isKnown, SILENT, type Stream, unknownStream } from '../field.ts';
import { readPathOf } from '../object.ts';
import { has, readOptions, valuesFor } from '../options.ts';
import type { Invocation, Judge } from '../reader.ts';
import { childScope } from '../scope.ts';

// Programs that run a command once for each item that they read.

/** Most arguments that are followed, one by one, when they are known. */
const MAX_ITEMS = 64;

/** Arguments come from what it reads; unknown ones are one hole. */
const xargs: Judge = (call) => {
  const { args, scope, stdin, reader } = call;
  const options = readOptions(args, {
    valued:
      'a d E I J L n P R s S arg-file delimiter max-lines max-args max-procs max-chars process-slot-var',
    untilOperand: true,
  });
  const [mark] = [...valuesFor(options, 'I', 'J', 'replace'), ...(has(options, 'i') ? [field('{}')] : [])];
  const [file] = valuesFor(options, 'a', 'arg-file');
  const input = file === undefined ? stdin : readPathOf(file, scope, reader);
  const from = input?.from ?? new Set();
  const known = input?.text !== undefined && isKnown(input.text);
  const [delimiter] = valuesFor(options, 'd', 'delimiter');
  const separator = delimiter === undefined ? (mark === undefined ? /\s+/ : '\n') : unescape(delimiter.text);
  const items = known ? (input.text ?? '').split(separator).filter((text) => text !== '') : [HOLE];
  const followed = items.length <= MAX_ITEMS ? items : [HOLE];
  const words = options.operands.length === 0 ? [field('echo')] : options.operands;
  if (endsInCode(words) || (words.length === 1 && SHELL_NAME.test(words[0]?.text ?? ''))) {
    foundDenying(reader.effects, 'shell.dynamic', 'runs what it reads as code');
  }
  if (mark === undefined) {
    const added = followed.map((text): Field => ({ text: text.trim(), glob: false, from }));
    return reader.nested(() => reader.command([...words, ...added], scope, undefined));
  }
  return replaced(words, mark.text, followed, from, call);
};

/** `sh -c` without code: what is read is the code. */
function endsInCode(words: readonly Field[]): boolean {
  const [program, last] = [words[0], words.at(-1)];
  return words.length > 1 && /^-\w*c$/.test(last?.text ?? '') && SHELL_NAME.test(program?.text ?? '');
}

const SHELL_NAME = /(?:^|\/)(?:ba|da|a|z|k|mk|fi|c|tc)?sh$/;

/** The command once for each item, with the item in place of the mark. */
function replaced(
  words: readonly Field[],
  mark: string,
  items: readonly string[],
  from: Field['from'],
  { scope, reader }: Invocation,
): Stream {
  let output: Stream = SILENT;
  for (const item of items) {
    const fields = words.map(
      (word): Field =>
        mark !== '' && word.text.includes(mark)
          ? { text: word.text.replaceAll(mark, () => item.trim()), glob: false, from }
          : word,
    );
    output = reader.nested(() => reader.command(fields, scope, undefined));
  }
  return output;
}

/** GNU parallel: like xargs, with its command as code and its arguments after `:::`. */
const parallel: Judge = (call) => {
  const { args, stdin, scope, reader } = call;
  const at = args.findIndex(({ text }) => text.startsWith(':::'));
  const options = readOptions(at === -1 ? args : args.slice(0, at), {
    valued: 'j jobs a arg-file I S sshlogin delay timeout joblog results n N L colsep retries tmpdir workdir',
    untilOperand: true,
  });
  const given = args.slice(at + 1).filter(({ text }) => !text.startsWith(':::'));
  const known = stdin?.text !== undefined && isKnown(stdin.text);
  const read = known ? (stdin.text ?? '').split('\n').filter((text) => text.trim() !== '') : [];
  if (at === -1 && stdin === undefined && options.operands.length === 0) return unknownStream('program');
  const items = at === -1 ? (known ? read : [HOLE]) : given.map(({ text }) => text);
  const template = options.operands.map(({ text }) => text);
  if (at === -1 && endsInCode(options.operands)) {
    foundDenying(reader.effects, 'shell.dynamic', 'runs what it reads as code');
  }
  for (const item of items.slice(0, MAX_ITEMS)) {
    const marked = template.some((text) => text.includes('{}'));
    const words = marked ? template.map((text) => text.replaceAll('{}', () => item)) : [...template, item];
    const fields = words.map((text) => field(text, stdin?.from));
    // SECURITY: the command runs as words and once more by a shell; either reading may be the true one.
    if (template.length > 0) reader.nested(() => reader.command(fields, scope, undefined));
    if (isKnown(item) || template.length === 0) reader.code(words.join(' '), childScope(scope), undefined);
  }
  return unknownStream('program');
};

export const ITEMS: Readonly<Record<string, Judge>> = { xargs, gxargs: xargs, parallel };
