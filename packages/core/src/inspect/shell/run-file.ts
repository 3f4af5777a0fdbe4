import { foundDenying } from './effects.ts';
import { type Field, isKnown, type Stream, unknownStream } from './field.ts';
import type { Invocation } from './reader.ts';
import { childScope, type Scope } from './scope.ts';

/** Code that a shell is given through a file, a pipe or a substitution. */
export function runFile(file: Field, content: Stream, args: readonly Field[], call: Invocation): Stream {
  return runStream(content, { ...call, args: [file, ...args] }, 'a file');
}

/**
 * What running this content as shell does. `args` of the call become `$0`, `$1`, ...; `source` is how
 * an unknown content got here.
 */
export function runStream(
  content: Stream,
  { args, scope, stdin, reader }: Invocation,
  source: 'a file' | 'a pipe',
  inner: Scope = childScope(scope, args),
): Stream {
  const { effects } = reader;
  effects.capabilities.add('exec');
  const { text, from } = content;
  if (from.has('download')) {
    foundDenying(effects, 'shell.download_and_run', 'runs code that comes from the network');
  }
  if (text !== undefined && isKnown(text)) {
    return reader.code(text, inner, stdin);
  }
  if (from.has('decoded')) {
    foundDenying(effects, 'shell.encoded_code', 'runs code that only decoding brings to light');
  } else if (text !== undefined) {
    return reader.code(text, inner, stdin);
  } else if (source === 'a pipe' && !from.has('file') && !from.has('download')) {
    foundDenying(effects, 'shell.dynamic', 'runs code that another program writes');
  }
  return unknownStream('program');
}
