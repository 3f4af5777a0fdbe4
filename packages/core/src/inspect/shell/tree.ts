/**
 * The syntax tree of a text of Bash, as far as it is read here. The shape is that of `unbash` 6: parts of
 * words and scripts of substitutions may be made when they are first looked at.
 */

/** Gives the tree of a text; what is wrong with the text is in `errors` of the script it is in. May throw. */
export type ShellParser = (text: string) => Script;

export interface Script {
  readonly commands: readonly Statement[];
  readonly errors?: readonly unknown[] | undefined;
}

export interface Statement {
  readonly command: Node;
  readonly background?: boolean | undefined;
}

interface List {
  readonly commands: readonly Statement[];
}

export type Node =
  | SimpleCommand
  | { readonly type: 'Pipeline'; readonly commands: readonly Node[] }
  | {
      readonly type: 'AndOr';
      readonly commands: readonly Node[];
      readonly operators: readonly ('&&' | '||')[];
    }
  | {
      readonly type: 'If';
      readonly clause: List;
      readonly then: List;
      readonly elif: readonly { readonly clause: List; readonly then: List }[];
      readonly else: List | undefined;
    }
  | { readonly type: 'While'; readonly clause: List; readonly body: List }
  | {
      readonly type: 'For' | 'Select';
      readonly name: Word;
      readonly wordlist: readonly Word[] | undefined;
      readonly body: List;
    }
  | {
      readonly type: 'ArithmeticFor';
      readonly initialize: Arithmetic | undefined;
      readonly test: Arithmetic | undefined;
      readonly update: Arithmetic | undefined;
      readonly body: List;
    }
  | { readonly type: 'Subshell' | 'BraceGroup'; readonly body: List }
  | {
      readonly type: 'Case';
      readonly word: Word;
      readonly items: readonly { readonly pattern: readonly Word[]; readonly body: List }[];
    }
  | { readonly type: 'TestCommand'; readonly expression: Test }
  | { readonly type: 'ArithmeticCommand'; readonly expression: Arithmetic | undefined }
  | { readonly type: 'Redirected'; readonly command: Node; readonly redirects: readonly Redirection[] }
  | FunctionDefinition
  | { readonly type: 'Coproc'; readonly body: Body };

/** A list alone is what the parser makes of a body that is wrong; the script then has errors. */
type Body = Node | (List & { readonly type: 'CompoundList' });

export interface FunctionDefinition {
  readonly type: 'Function';
  readonly name: Word;
  readonly body: Body;
}

export interface SimpleCommand {
  readonly type: 'Command';
  readonly name: Word | undefined;
  readonly prefix: readonly (Assignment | Redirection)[];
  readonly suffix: readonly (Word | Assignment | Redirection)[];
}

export interface Assignment {
  readonly type: 'Assignment';
  readonly text: string;
  readonly name: string;
  readonly value: Word | { readonly type: 'ArrayValue'; readonly elements: readonly Word[] };
  readonly append: boolean | undefined;
  readonly index: Word | undefined;
}

export type Redirection =
  | {
      readonly type: 'Redirect';
      readonly operator: '>' | '>>' | '<' | '<>' | '<&' | '>&' | '>|' | '&>' | '&>>';
      readonly target: Word | undefined;
    }
  | { readonly type: 'HereString'; readonly target: Word | undefined }
  | {
      readonly type: 'HereDoc';
      readonly body: { readonly text: string; readonly parts: readonly Part[] | undefined };
    };

export interface Word {
  readonly type: 'Word';
  /** As written. */
  readonly text: string;
  /** Without its quotes; only when there are no parts is that all there is to it. */
  readonly value: string;
  readonly parts?: readonly Part[] | undefined;
}

export type Part =
  | { readonly type: 'Literal' | 'SingleQuoted' | 'AnsiCQuoted'; readonly value: string }
  | { readonly type: 'DoubleQuoted' | 'LocaleString'; readonly parts: readonly Part[] }
  | { readonly type: 'Glob'; readonly text: string }
  | { readonly type: 'ExtendedGlob'; readonly text: string; readonly parts?: readonly Part[] | undefined }
  | { readonly type: 'BraceExpansion'; readonly text: string; readonly parts?: readonly Part[] | undefined }
  | { readonly type: 'SimpleExpansion'; readonly text: string }
  | ParameterExpansion
  | { readonly type: 'CommandExpansion'; readonly script: Script | undefined }
  | { readonly type: 'ArithmeticExpansion'; readonly expression: Arithmetic | undefined }
  | {
      readonly type: 'ProcessSubstitution';
      readonly operator: '<' | '>';
      readonly script: Script | undefined;
    };

export interface ParameterExpansion {
  readonly type: 'ParameterExpansion';
  readonly parameter: string;
  readonly prefix: '!' | '#' | undefined;
  readonly index: Word | undefined;
  readonly operation: ParameterOperation | undefined;
}

export type ParameterOperation =
  | { readonly type: 'Default'; readonly operator: string; readonly operand: Word }
  | { readonly type: 'Remove'; readonly operator: string; readonly operand: Word }
  | {
      readonly type: 'Replace';
      readonly operator: string;
      readonly pattern: Word;
      readonly replacement: Word;
    }
  | { readonly type: 'Slice'; readonly offset: Word; readonly length: Word | undefined }
  | { readonly type: 'CaseModification'; readonly operator: string; readonly operand: Word | undefined }
  | { readonly type: 'Transform'; readonly operand: Word }
  | { readonly type: 'Names' }
  | { readonly type: 'Unknown' };

export type Arithmetic =
  | { readonly type: 'ArithmeticBinary'; readonly left: Arithmetic; readonly right: Arithmetic }
  | { readonly type: 'ArithmeticUnary'; readonly operand: Arithmetic }
  | {
      readonly type: 'ArithmeticTernary';
      readonly test: Arithmetic;
      readonly consequent: Arithmetic;
      readonly alternate: Arithmetic;
    }
  | { readonly type: 'ArithmeticGroup'; readonly expression: Arithmetic }
  | { readonly type: 'ArithmeticWord'; readonly value: string; readonly parts?: readonly Part[] | undefined }
  | { readonly type: 'ArithmeticCommandExpansion'; readonly script: Script | undefined };

export type Test =
  | { readonly type: 'TestUnary'; readonly operand: Word }
  | { readonly type: 'TestBinary'; readonly left: Word; readonly right: Word }
  | { readonly type: 'TestLogical'; readonly operands: readonly Test[] }
  | { readonly type: 'TestNot'; readonly operand: Test }
  | { readonly type: 'TestGroup'; readonly expression: Test };
