// OPA's own conformance cases (v1/test/cases/testdata/v1 of github.com/open-policy-agent/opa) through `@aegis/rego`:
// node --conditions=@aegis/source scripts/rego-conformance.ts <folder>
// Prints a table of what passes and what is refused, by area; a case with another outcome is named and ends with 1.
import { createHash, createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, sep } from 'node:path';
import { compile, type HashFunctions, parseJson, type Source, type Value } from '@aegis/rego';

interface Case {
  readonly note: string;
  readonly query: string;
  readonly modules?: readonly string[];
  readonly data?: unknown;
  readonly input?: unknown;
  /** Rego text of the input, in the place of `input`. */
  readonly input_term?: string;
  readonly want_defined?: boolean;
  readonly want_result?: readonly Readonly<Record<string, unknown>>[];
  readonly want_error_code?: string;
  readonly want_error?: string;
  readonly sort_bindings?: boolean;
  readonly strict_error?: boolean;
}

// The parser that core has; core's own reader refuses numbers that no double holds, of which the suite has some.
const yaml = createRequire(new URL('../packages/core/package.json', import.meta.url))('yaml') as {
  parse(text: string, options: { readonly merge: boolean }): unknown;
};

type Outcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'different'; readonly found: string };

const PASSED: Outcome = { kind: 'passed' };
const BUDGET = { steps: 50_000_000 };
const NOW_NS = 1_700_000_000_123_456_789n;

/** Folders of the suite by what they are about; the first that fits. */
const AREAS: readonly (readonly [name: string, folders: RegExp])[] = [
  ['`and`, `or` and bodies after `not`', /^(logic_operators|negation)$/],
  ['strings with values in them', /^stringinterpolation$/],
  ['`with`', /^withkeyword$/],
  ['tokens (`io.jwt`)', /^jwt/],
  ['certificates and keys', /^crypto(x509|parse)/],
  ['hashes', /^crypto/],
  ['GraphQL', /^graphql$/],
  ['JSON, YAML and JSON Schema', /^json/],
  ['time', /^time$/],
  ['addresses, URIs, UUIDs', /^(net|uri|uuid)/],
  ['patterns', /^(regex|glob)/],
  ['objects, arrays, sets, graphs', /^(object|array|sets|union|intersection|reachable|walk|subset)/],
  ['strings, encodings, templates', /^(string|trim|sprintf|base64|hex|url|replacen|rendertemplate)/],
  ['numbers, units, versions', /^(arithmetic|aggregates|bits|numbers|units|semver|casts)/],
  ['the host: `http.send`, `rand.intn`, AWS, metadata', /^(rand|providers|rego|invalidkeyerror)/],
  ['the rest of the language', /^/],
];

const sha = (name: string) => (bytes: Uint8Array) => new Uint8Array(createHash(name).update(bytes).digest());
const hmac = (name: string) => (key: Uint8Array, bytes: Uint8Array) =>
  new Uint8Array(createHmac(name, key).update(bytes).digest());
const HASHES: HashFunctions = {
  sha256: sha('sha256'),
  sha1: sha('sha1'),
  md5: sha('md5'),
  hmacMd5: hmac('md5'),
  hmacSha1: hmac('sha1'),
  hmacSha256: hmac('sha256'),
  hmacSha384: hmac('sha384'),
  hmacSha512: hmac('sha512'),
};

function casesIn(folder: string): readonly (readonly [area: string, test: Case])[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.yaml'),
  );
  return files.sort().flatMap((name) => {
    const path = join(folder, name);
    const document = yaml.parse(readFileSync(path, 'utf8'), { merge: true }) as {
      cases?: readonly Case[];
    } | null;
    const [top = ''] = relative(folder, path).split(sep);
    const area = AREAS.find(([, folders]) => folders.test(top))?.[0] ?? '';
    return (document?.cases ?? []).map((test) => [area, withInput(test)] as const);
  });
}

/** An input that is JSON needs no Rego. */
function withInput(test: Case): Case {
  const { input_term: term, ...rest } = test;
  if (term === undefined) return test;
  try {
    return { ...rest, input: JSON.parse(term) as unknown };
  } catch {
    return test;
  }
}

/** A query is a body; the bindings of each solution are members of a set. */
function sourcesOf(test: Case): readonly Source[] {
  const names = [...new Set((test.want_result ?? []).flatMap((bindings) => Object.keys(bindings)))];
  const member = names.length === 0 ? 'true' : `{${names.map((name) => `"${name}": ${name}`).join(', ')}}`;
  const query = `package conformance_query\nresult contains ${member} if {\n${test.query}\n}`;
  const asked = `package conformance_asked\nresult := x if { x := data.conformance_query.result with input as ${test.input_term} }`;
  return [
    ...modulesOf(test),
    { file: 'query.rego', text: query },
    ...(test.input_term === undefined ? [] : [{ file: 'asked.rego', text: asked }]),
  ];
}

function modulesOf({ modules = [] }: Case): readonly Source[] {
  return modules.map((text, i) => ({ file: `${i}.rego`, text }));
}

/** A query like `data.test.p = x`, which is asked for without a rule around it. */
const PLAIN = /^data((?:\.[A-Za-z_]\w*)*) *= *((?!input$)[a-z]\w*)$/;

function run(test: Case): Outcome {
  const plain = test.input_term === undefined ? PLAIN.exec(test.query.trim()) : null;
  const compiled = compile(plain === null ? sourcesOf(test) : modulesOf(test), { hashes: HASHES });
  const rule = test.input_term === undefined ? 'conformance_query' : 'conformance_asked';
  const wantsError = test.want_error !== undefined || test.want_error_code !== undefined;
  if (compiled.kind === 'refused') {
    return { kind: 'refused', why: compiled.diagnostics.map(({ message }) => message).join('; ') };
  }
  const json = (value: unknown): Value | undefined =>
    value === undefined ? undefined : parseJson(JSON.stringify(value));
  const result = compiled.evaluate(plain === null ? `data.${rule}.result` : `data${plain[1]}`, {
    input: json(test.input),
    data: json(test.data),
    nowNs: NOW_NS,
    strict: test.strict_error ?? false,
    budget: BUDGET,
  });
  if (result.kind === 'error' && result.code === 'unknown_entrypoint') {
    // No policy has it, so it is base data.
    const steps = (plain?.[1] ?? '').split('.').slice(1);
    const value = steps.reduce<unknown>(
      (at, step) => (at as Record<string, unknown> | undefined)?.[step],
      test.data,
    );
    return judge(test, value === undefined ? [] : [{ [plain?.[2] ?? '']: value }]);
  }
  if (result.kind === 'error') {
    // OPA's suite tells both kinds of fault of a built-in apart in places where it does not itself.
    const codes = result.code === 'eval_type_error' ? [result.code, 'eval_builtin_error'] : [result.code];
    const isWanted = test.want_error_code === undefined || codes.includes(test.want_error_code);
    return wantsError && isWanted
      ? PASSED
      : { kind: 'different', found: `${result.code}: ${result.message}` };
  }
  const value = result.kind === 'value' ? result.value : undefined;
  if (wantsError) return { kind: 'different', found: JSON.stringify(value) };
  if (plain === null) return judge(test, (value ?? []) as readonly unknown[]);
  return judge(test, value === undefined ? [] : [{ [plain[2] ?? '']: value }]);
}

function judge(test: Case, found: readonly unknown[]): Outcome {
  const different: Outcome = { kind: 'different', found: JSON.stringify(found) };
  if (test.want_result === undefined) {
    return test.want_defined === undefined || test.want_defined === found.length > 0 ? PASSED : different;
  }
  const shown = (rows: readonly unknown[]): string =>
    [...new Set(rows.map((row) => canonical(row === true ? {} : row, test.sort_bindings ?? false)))]
      .sort()
      .join('\n');
  return shown(test.want_result) === shown(found) ? PASSED : different;
}

/** JSON with sorted keys, and sorted lists one level down where the suite says that order does not count. */
function canonical(value: unknown, isSorted: boolean): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, false)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, item]: [string, unknown]) => {
    const list =
      isSorted && Array.isArray(item) ? item.map((each) => canonical(each, false)).sort() : undefined;
    return `${JSON.stringify(key)}:${list === undefined ? canonical(item, false) : `[${list.join(',')}]`}`;
  });
  return `{${entries.sort().join(',')}}`;
}

const [folder = '.'] = process.argv.slice(2);
const cases = casesIn(folder);
const counts = new Map(AREAS.map(([name]) => [name, { passed: 0, refused: 0 }]));
let different = 0;
for (const [area, test] of cases) {
  const outcome = run(test);
  const count = counts.get(area) ?? { passed: 0, refused: 0 };
  if (outcome.kind === 'different') {
    different++;
    console.error(`${test.note}: ${outcome.found.slice(0, 400)}`);
  } else {
    count[outcome.kind]++;
  }
}
const rows = [...counts].filter(([, { passed, refused }]) => passed + refused > 0);
const passed = rows.reduce((sum, [, count]) => sum + count.passed, 0);
const refused = rows.reduce((sum, [, count]) => sum + count.refused, 0);
console.log('| area | passed | refused |\n| --- | ---: | ---: |');
for (const [area, count] of rows) console.log(`| ${area} | ${count.passed} | ${count.refused} |`);
console.log(`| all ${cases.length} | ${passed} | ${refused} |`);
console.log(`\n${different} different`);
process.exitCode = different === 0 ? 0 : 1;
