import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Code, readCode, resolve } from '../../src/scan/code/code.ts';
import { CODE_LANGUAGES } from '../../src/scan/code/token.ts';

function namesIn(code: Code): readonly string[] {
  return code.calls.map(({ name }) => name);
}

/** Pieces of programs, so that random texts come near to what programs look like. */
const piece = fc.constantFrom(
  ...[
    '`',
    '${',
    '}',
    '"',
    "'",
    '"""',
    'f"',
    '{',
    '(',
    ')',
    '[',
    ']',
    '/',
    '//',
    '/*',
    '*/',
    '#',
    '\\',
    '\n',
    '=',
  ],
  ...['+', '.', ',', ':', 'eval', 'import', 'from', 'as', 'def', 'x', '1', ' ', '\u{1f600}', '\ud800'],
);
const program = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));

describe('a program taken apart', () => {
  it.each([
    ['javascript', "import * as cp from 'node:child_process';\ncp.exec(a)", 'child_process.exec'],
    ['javascript', "const { exec: run } = require('child_process');\nrun(a)", 'child_process.exec'],
    ['javascript', "const { exec } = await import('child_process');\nexec(a)", 'child_process.exec'],
    ['javascript', "require('child' + '_process')?.['exec'](a)", 'child_process.exec'],
    ['javascript', 'window.eval(a)', 'eval'],
    ['javascript', '`${`${eval(a)}`}`', 'eval'],
    ['javascript', "process.mainModule.require('child_process').exec(a)", 'child_process.exec'],
    ['javascript', "[]['constructor']['constructor'](a)", '[].[].constructor.constructor'],
    ['python', "globals()['ev' + 'al'](a)", 'eval'],
    ['python', "os.__dict__['system'](a)", 'os.system'],
    ['python', "sys.modules['os'].system(a)", 'os.system'],
    ['python', 'from os import *\nsystem(a)', 'os.system'],
    ['python', 'from os import (system as run,\n  path)\nrun(a)', 'os.system'],
    ['python', 'import xml.dom as d\nd.parse(a)', 'xml.dom.parse'],
    ['python', 'run = os.system\nrun(a)', 'os.system'],
    ['python', 'f"{eval(a)}"', 'eval'],
    ['go', 'package a\nimport (\n  x "os/exec"\n)\nfunc f() { x.Command(a) }', 'os/exec.Command'],
  ] as const)('knows by what name is called in %s: %s', (language, text, name) => {
    expect(namesIn(readCode(text, language))).toContain(name);
  });

  it.each([
    ['javascript', '// eval(a)\n/* eval(a) */ "eval(a)"; `eval(a)`; /eval(a)/;'],
    ['javascript', 'class A { eval(a) { } }\nfunction eval(a) { }'],
    ['python', '# eval(a)\n"eval(a)"\n"""\neval(a)\n"""\ndef eval(a): pass'],
    ['go', 'package a\n// eval(a)\nvar s = `eval(a)`'],
  ] as const)('sees no call in %s: %s', (language, text) => {
    expect(namesIn(readCode(text, language))).not.toContain('eval');
  });

  it.each([
    ["f('a' + 'b')", 'constant', 'ab'],
    ["const x = 'a';\nf(`${x}b`)", 'constant', 'ab'],
    ["f('a' + y)", 'built', 'a\uFFFC'],
    ["let x = 'a';\nx = y;\nf(x)", 'unknown', undefined],
    ["function g(x = 'a') { f(x) }", 'unknown', undefined],
    ["for (const x of list) { f(x) }\nconst x = 'a';", 'unknown', undefined],
    ["const { x = 'a' } = options;\nf(x)", 'unknown', undefined],
  ] as const)('says what %s is given', (text, kind, value) => {
    const code = readCode(text, 'javascript');
    const call = code.calls.find(({ name }) => name === 'f');
    const found = resolve(code, call?.args[0] ?? []);
    expect([found.kind, 'text' in found ? found.text : undefined]).toEqual([kind, value]);
  });

  it('does not throw, whatever the text, and its tokens stand in order and are what is written there', () => {
    fc.assert(
      fc.property(program, fc.constantFrom(...CODE_LANGUAGES), (text, language) => {
        const { streams, calls } = readCode(text, language);
        for (const { tokens } of streams) {
          let last = 0;
          for (const { start, end, text: written } of tokens) {
            expect(start).toBeGreaterThanOrEqual(last);
            expect(end).toBeGreaterThan(start);
            expect(text.slice(start, end)).toBe(written);
            last = end;
          }
        }
        for (const { start, end } of calls) expect(end).toBeGreaterThan(start);
      }),
      { numRuns: 500 },
    );
  });
});
