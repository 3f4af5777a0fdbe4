import { AegisError } from '@aegis/core';
import type { Terminal } from '../command.ts';

/** Longest value that is read, in bytes. */
const MAX_BYTES = 64 * 1024;

const ENTER = /[\r\n]/;
const BACKSPACE = /[\b\u007f]/;
const INTERRUPT = '\u0003';
const END = '\u0004';

/** Whether somebody sits before a terminal and can be asked. */
export function canAsk({ stdin, stderr }: Terminal): boolean {
  return stdin.isTTY && stderr.isTTY;
}

/** Asks for a line that is not shown as it is typed. Fails with `USAGE` when the person gives up. */
export function askHidden({ stdin, stderr }: Terminal, question: string): Promise<string> {
  // SECURITY: before the question: whoever types at once is not shown either.
  stdin.setRawMode(true);
  stderr.write(question);
  stdin.setEncoding('utf8');
  return new Promise<string>((done, fail) => {
    let typed = '';
    const over = (settle: () => void): void => {
      stdin.off('data', take);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write('\n');
      settle();
    };
    const take = (data: string): void => {
      for (const sign of data) {
        if (sign === INTERRUPT || (sign === END && typed === '')) {
          over(() => fail(new AegisError('USAGE', 'nothing was typed: nothing was changed')));
          // As it would without the raw mode.
          if (sign === INTERRUPT) process.kill(process.pid, 'SIGINT');
          return;
        }
        if (ENTER.test(sign) || sign === END) {
          over(() => done(typed));
          return;
        }
        typed = BACKSPACE.test(sign) ? [...typed].slice(0, -1).join('') : typed + sign;
        if (typed.length > MAX_BYTES) {
          over(() => fail(tooLong()));
          return;
        }
      }
    };
    stdin.on('data', take);
    stdin.resume();
  });
}

/** All of standard input, as one text. Fails with `INPUT_INVALID`. */
export async function readInput({ stdin }: Terminal): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stdin as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MAX_BYTES) throw tooLong();
    parts.push(part);
  }
  return textOf(Buffer.concat(parts), 'standard input');
}

/** Bytes as text, without the one line break that ends it. Fails with `INPUT_INVALID`. */
export function textOf(bytes: Uint8Array, where: string): string {
  if (bytes.length > MAX_BYTES) throw tooLong();
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new AegisError('INPUT_INVALID', `${where} is not UTF-8`, {
      help: 'encode it, for example as base64',
    });
  }
  return text.replace(/\r?\n$/, '');
}

function tooLong(): AegisError {
  return new AegisError('INPUT_TOO_LARGE', `a secret is at most ${MAX_BYTES} bytes`);
}
