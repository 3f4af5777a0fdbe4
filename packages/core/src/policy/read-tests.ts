import { assertNever } from '../errors.ts';
import { CAPABILITIES, RISKS } from '../model/capability.ts';
import type { JsonValue } from '../model/json.ts';
import { isJsonObject } from '../model/json.ts';
import { didYouMean } from '../source/suggest.ts';
import { parseCidr } from './cidr.ts';
import { normalisePath } from './containment.ts';
import { globTest, MAX_PATTERN_LENGTH, parseGlob } from './glob.ts';
import { compilePattern } from './pattern.ts';
import {
  describe,
  fault,
  type Report,
  readBoolean,
  readNumber,
  readString,
  readWord,
  type SourcePath,
} from '../source/report.ts';
import type { ConditionSubject, FactKey, Scalar, ValueTest } from './rule.ts';

/** What reading conditions depends on besides the text. */
export interface WhenContext {
  /** Absolute folder that relative paths of `under` start from; without it they are refused. */
  readonly base: string | undefined;
  /** What the keys of `when` that were met so far are about: whether one is a mistyped fact is found out once. */
  readonly subjects: Map<string, ConditionSubject>;
}

type Operator = Exclude<ValueTest['op'], 'like'>;

const TEXT_OPERATORS: readonly Operator[] = ['eq', 'ne', 'in', 'contains', 'matches'];
const ORDER_OPERATORS: readonly Operator[] = ['gt', 'gte', 'lt', 'lte'];

/** What can be asked of each fact: an operator that could never hold is refused, not ignored. */
const FACT_OPERATORS: Readonly<Record<FactKey, readonly Operator[]>> = {
  tool_name: [...TEXT_OPERATORS, 'exists'],
  server: TEXT_OPERATORS,
  agent: TEXT_OPERATORS,
  tenant: TEXT_OPERATORS,
  method: TEXT_OPERATORS,
  path: [...TEXT_OPERATORS, 'exists', 'under'],
  host: [...TEXT_OPERATORS, 'exists', 'cidr'],
  capability: ['eq', 'ne', 'in', 'exists'],
  finding: [...TEXT_OPERATORS, 'exists'],
  label: [...TEXT_OPERATORS, 'exists'],
  risk: ['eq', 'ne', 'in', ...ORDER_OPERATORS],
  score: ['eq', 'ne', 'in', ...ORDER_OPERATORS],
};

const ARGUMENT_OPERATORS: readonly Operator[] = [
  ...TEXT_OPERATORS,
  ...ORDER_OPERATORS,
  'exists',
  'cidr',
  'under',
];

/** The closed vocabularies: a value outside them is a mistake, not a condition that never holds. */
const VOCABULARY: Partial<Record<FactKey, readonly string[]>> = { capability: CAPABILITIES, risk: RISKS };

/** Reads what a condition asks of its value: a value, a list (any of), or a table of operators (all of). */
export function readTests(
  report: Report,
  path: SourcePath,
  subject: ConditionSubject,
  wanted: JsonValue,
  context: WhenContext,
): readonly ValueTest[] | undefined {
  const reader = new TestReader(report, subject, context);
  return isJsonObject(wanted) ? reader.operators(path, wanted) : reader.like(path, wanted);
}

class TestReader {
  readonly #report: Report;
  readonly #fact: FactKey | undefined;
  readonly #base: string | undefined;

  constructor(report: Report, subject: ConditionSubject, context: WhenContext) {
    this.#report = report;
    this.#fact = subject.kind === 'fact' ? subject.key : undefined;
    this.#base = context.base;
  }

  like(path: SourcePath, wanted: JsonValue): readonly ValueTest[] | undefined {
    const values = this.#oneOrMore(path, wanted, (at, value) => this.#glob(at, value));
    return values && [{ op: 'like', values }];
  }

  operators(
    path: SourcePath,
    table: { readonly [key: string]: JsonValue },
  ): readonly ValueTest[] | undefined {
    const allowed = this.#fact === undefined ? ARGUMENT_OPERATORS : FACT_OPERATORS[this.#fact];
    const tests: ValueTest[] = [];
    for (const [key, operand] of Object.entries(table)) {
      const at = [...path, key];
      const operator = allowed.find((candidate) => candidate === key);
      if (operator === undefined) {
        this.#unknownOperator(at, key, allowed);
        continue;
      }
      const test = this.#operator(at, operator, operand);
      if (test !== undefined) tests.push(test);
    }
    if (Object.keys(table).length === 0) {
      return fault(this.#report, path, 'no-effect', 'the table of operators is empty');
    }
    if (tests.length > 1 && tests.some((test) => test.op === 'exists')) {
      return fault(this.#report, path, 'no-effect', '`exists` stands alone', {
        help: 'every other operator already asks for a value to be there',
      });
    }
    return tests;
  }

  #unknownOperator(at: SourcePath, key: string, allowed: readonly Operator[]): void {
    const known = (ARGUMENT_OPERATORS as readonly string[]).includes(key);
    const what = known ? `\`${this.#fact}\` cannot be asked with \`${key}\`` : `unknown operator \`${key}\``;
    const inner = at.slice(at.lastIndexOf('when') + 1).join('.');
    const near = didYouMean(key, allowed);
    const help =
      known || this.#fact !== undefined
        ? near
        : `${near}${near.endsWith('?') ? '' : ';'} an argument inside is written \`"${inner}"\``;
    fault(this.#report, at, 'unknown-operator', what, {
      what: 'key',
      help,
    });
  }

  #operator(at: SourcePath, op: Operator, operand: JsonValue): ValueTest | undefined {
    const report = this.#report;
    switch (op) {
      case 'eq':
      case 'ne':
      case 'contains': {
        const value = this.#scalar(at, operand);
        return value === undefined ? undefined : { op, value };
      }
      case 'in': {
        const values = this.#many(at, operand, (path, item) => this.#scalar(path, item));
        return values && { op, values };
      }
      case 'gt':
      case 'gte':
      case 'lt':
      case 'lte': {
        const value =
          this.#fact === 'risk'
            ? readWord(report, at, operand, RISKS)
            : this.#fact === 'score'
              ? this.#score(at, operand)
              : readNumber(report, at, operand);
        return value === undefined ? undefined : { op, value };
      }
      case 'matches': {
        const pattern = this.#pattern(at, operand);
        return pattern === undefined ? undefined : { op, pattern };
      }
      case 'exists': {
        const value = readBoolean(report, at, operand);
        return value === undefined ? undefined : { op, value };
      }
      case 'cidr': {
        const blocks = this.#oneOrMore(at, operand, (path, item) => this.#block(path, item));
        return blocks && { op, blocks };
      }
      case 'under': {
        const roots = this.#oneOrMore(at, operand, (path, item) => this.#root(path, item));
        return roots && { op, roots };
      }
      default:
        return assertNever(op);
    }
  }

  #oneOrMore<T>(
    path: SourcePath,
    value: JsonValue,
    item: (path: SourcePath, value: JsonValue) => T | undefined,
  ): readonly T[] | undefined {
    if (Array.isArray(value)) return this.#many(path, value, item);
    const one = item(path, value);
    return one === undefined ? undefined : [one];
  }

  #many<T>(
    path: SourcePath,
    value: JsonValue,
    item: (path: SourcePath, value: JsonValue) => T | undefined,
  ): readonly T[] | undefined {
    if (!Array.isArray(value)) {
      return fault(this.#report, path, 'wrong-type', `expected a list, not ${describe(value)}`);
    }
    if (value.length === 0) return fault(this.#report, path, 'no-effect', 'an empty list never matches');
    return value
      .map((element, index) => item([...path, index], element))
      .filter((read) => read !== undefined);
  }

  /** A plain value: text is a glob. */
  #glob(path: SourcePath, value: JsonValue): Scalar | undefined {
    if (typeof value !== 'string' || this.#fact === 'score') return this.#scalar(path, value);
    const glob = value.length <= MAX_PATTERN_LENGTH ? parseGlob(value) : undefined;
    if (glob === undefined) {
      const why = value.length > MAX_PATTERN_LENGTH ? 'it is too long' : 'nothing follows the last backslash';
      return fault(this.#report, path, 'bad-pattern', `\`${value.slice(0, 80)}\` is not a glob: ${why}`);
    }
    if (this.#fact === 'path' && !/^[/*?\\]/.test(value)) {
      return fault(
        this.#report,
        path,
        'no-effect',
        `paths are absolute: \`${value.slice(0, 80)}\` never matches`,
        {
          help: 'use `{ under = "..." }` for a folder relative to this file',
        },
      );
    }
    const words = this.#vocabulary();
    if (words !== undefined && !words.some(globTest(glob))) return this.#unknownWord(path, value, words);
    return value;
  }

  #score(path: SourcePath, value: JsonValue): number | undefined {
    if (typeof value === 'number' && value >= 0 && value <= 100) return value;
    return fault(this.#report, path, 'wrong-type', '`score` is a number from 0 to 100', {
      help: 'medium begins at 40, high at 70, critical at 90',
    });
  }

  #scalar(path: SourcePath, value: JsonValue): Scalar | undefined {
    if (this.#fact === 'score') return this.#score(path, value);
    const words = this.#vocabulary();
    if (typeof value === 'string') {
      return words === undefined || words.includes(value) ? value : this.#unknownWord(path, value, words);
    }
    if (this.#fact !== undefined) {
      return fault(this.#report, path, 'wrong-type', `\`${this.#fact}\` is text, not ${describe(value)}`);
    }
    if (typeof value === 'number' || typeof value === 'boolean') return value;
    return fault(
      this.#report,
      path,
      'wrong-type',
      `expected a string, a number or a boolean, not ${describe(value)}`,
    );
  }

  #vocabulary(): readonly string[] | undefined {
    return this.#fact === undefined ? undefined : VOCABULARY[this.#fact];
  }

  #unknownWord(path: SourcePath, word: string, words: readonly string[]): undefined {
    return fault(this.#report, path, 'unknown-value', `unknown ${this.#fact} \`${word}\``, {
      help: didYouMean(word, words),
    });
  }

  #pattern(path: SourcePath, value: JsonValue): string | undefined {
    const source = readString(this.#report, path, value);
    if (source === undefined) return undefined;
    const compiled = compilePattern(source);
    if (typeof compiled !== 'string') return source;
    return fault(this.#report, path, 'bad-pattern', `the pattern does not compile: ${compiled}`, {
      help: 'patterns are RE2: no backreferences and no look-around',
    });
  }

  #block(path: SourcePath, value: JsonValue): string | undefined {
    const text = readString(this.#report, path, value);
    if (text === undefined || parseCidr(text) !== undefined) return text;
    return fault(this.#report, path, 'bad-pattern', `\`${text}\` is not a block of addresses`, {
      help: 'a block looks like `10.0.0.0/8` or `2001:db8::/32`',
    });
  }

  #root(path: SourcePath, value: JsonValue): string | undefined {
    const text = readString(this.#report, path, value);
    if (text === undefined) return undefined;
    const root = normalisePath(
      text.startsWith('/') || this.#base === undefined ? text : `${this.#base}/${text}`,
    );
    return root ?? fault(this.#report, path, 'bad-pattern', `\`${text}\` is not an absolute path`);
  }
}
