import type { Call } from '../code/call.ts';
import { calledWithin } from '../code/called-within.ts';
import { type Code, resolve } from '../code/code.ts';
import type { Token } from '../code/token.ts';
import type { Hit, ScanRule } from '../rule.ts';
import type { Source } from '../source.ts';
import { DECODERS, DOWNLOADS } from './known-calls.ts';

/** Calls that run a text as code. */
const EVALUATORS = new Set([
  'eval',
  'exec',
  'execfile',
  'Function',
  'vm.runInNewContext',
  'vm.runInThisContext',
  'vm.runInContext',
  'vm.Script',
  'vm.compileFunction',
  'builtins.eval',
  'builtins.exec',
  'code.InteractiveInterpreter',
]);

/** In JavaScript `exec` alone is no evaluation. */
function isEvaluation({ language }: Code, { name, args }: Call): boolean {
  // The constructor of any function is `Function`.
  if (language === 'javascript' && name.endsWith('constructor.constructor')) return args.length > 0;
  if (args.length === 0 || !EVALUATORS.has(name)) return false;
  return language === 'python' ? name !== 'Function' : language === 'javascript' && name !== 'exec';
}

/** Evaluations of one source that are looked at. */
const MOST = 30;

function evaluationsIn({
  code,
}: Source): readonly { readonly call: Call; readonly loads: string | undefined; readonly code: Code }[] {
  if (code === undefined) return [];
  const calls = code.calls.filter((call) => isEvaluation(code, call)).slice(0, MOST);
  return calls.map((call) => ({ call, code, loads: isLoaded(code, call) }));
}

export const evaluation: ScanRule = {
  id: 'code.evaluation',
  severity: 'high',
  title: 'a text that is run as code',
  why: 'What the text says is decided when it runs: no review, scan or manifest can say what it does. Parse data with a parser, and dispatch on names that are listed.',
  find: (source) =>
    evaluationsIn(source).flatMap(({ call, loads, code }): readonly Hit[] => {
      if (loads !== undefined) return [];
      const { start, end, name } = call;
      const constant = lastArgument(code, call).kind === 'constant';
      const message = constant ? `\`${name}\` runs a fixed text as code` : `\`${name}\` runs a text as code`;
      return [{ start, end, message, capability: 'exec', ...(constant ? { severity: 'low' } : {}) }];
    }),
};

export const loadedCode: ScanRule = {
  id: 'code.loaded',
  severity: 'critical',
  title: 'code that is decoded or fetched, and run',
  why: 'The program carries its real work where nobody reads it, or takes it from elsewhere at every run. There is no good reason for it in a skill or a server.',
  find: (source) =>
    evaluationsIn(source).flatMap(({ call: { start, end, name }, loads }): readonly Hit[] =>
      loads === undefined ? [] : [{ start, end, message: `\`${name}\` runs ${loads}`, capability: 'exec' }],
    ),
};

function isLoaded(code: Code, call: Call): string | undefined {
  const called = calledWithin(code, call);
  if ([...called].some((name) => DOWNLOADS.has(name))) return 'what it fetches';
  return [...called].some(
    (name) => DECODERS.has(name) || /\.(?:fromCharCode|b64decode|decompress)$/.test(name),
  )
    ? 'what it decodes'
    : undefined;
}

function lastArgument(code: Code, { args }: Call) {
  const tokens: readonly Token[] = args.at(-1) ?? [];
  const whole = resolve(code, tokens);
  return args.length === 1 || whole.kind !== 'constant' ? resolve(code, args[0] ?? []) : whole;
}

/** Calls that load a module by its name. */
const IMPORTERS = new Set([
  'import',
  'require',
  '__import__',
  'importlib.import_module',
  'importlib.__import__',
]);

export const dynamicImport: ScanRule = {
  id: 'code.dynamic_import',
  severity: 'medium',
  title: 'a module that is named only when it is loaded',
  why: 'Which code runs is decided when it runs. List the modules that may be loaded.',
  find: ({ code }) =>
    code === undefined
      ? []
      : code.calls.flatMap(({ name, args, start, end }): readonly Hit[] => {
          const [module] = args;
          if (!IMPORTERS.has(name) || module === undefined || code.language === 'go') return [];
          if (resolve(code, module).kind === 'constant') return [];
          return [{ start, end, message: `\`${name}\` loads what is named only then`, capability: 'exec' }];
        }),
};

export const tooComplex: ScanRule = {
  id: 'code.too_complex',
  severity: 'medium',
  title: 'a program that is nested too deep to be read as a whole',
  why: 'What is not read is not judged.',
  find: ({ code, text }) =>
    code?.complete === false
      ? [{ start: 0, end: text.length, message: 'calls are nested too deep to be read' }]
      : [],
};
