import type * as ast from '../ast.ts';
import type { Position, Report } from '../diagnostic.ts';
import { resolveCallee } from './callee.ts';
import { hoist, hoistedSlot } from './hoist.ts';
import { globalRef, isRoot, type ModuleNames } from './names.ts';
import type * as resolved from './resolved.ts';
import { FrameLayout, Scope } from './scope.ts';
import { templateCall, valueOrNone } from './template.ts';
import type { PlacedRule } from './tree.ts';
import { resolveWith } from './with-target.ts';

/** Gives every name of a rule its meaning. */
export function resolveRule(placed: PlacedRule, names: ModuleNames, report: Report): void {
  const { rule, group, keys } = placed;
  const resolver = new Resolver(names, report);
  const branches = rule.branches.map((branch) => resolver.branch(rule, keys, branch));
  if (rule.isDefault) group.fallback = branches[0];
  else group.definitions.push({ branches, at: rule.at });
}

class Resolver {
  readonly #names: ModuleNames;
  readonly #report: Report;

  constructor(names: ModuleNames, report: Report) {
    this.#names = names;
    this.#report = report;
  }

  branch(rule: ast.Rule, keys: readonly ast.Term[], branch: ast.Branch): resolved.Branch {
    const layout = new FrameLayout();
    const scope = new Scope(layout);
    const templates: { readonly local: resolved.Term; readonly term: ast.Term }[] = [];
    const args = (rule.args ?? []).map((arg) => {
      if (arg.kind !== 'template') return this.#argument(arg, scope);
      const local = this.#local('_', arg.at, scope);
      templates.push({ local, term: arg });
      return local;
    });
    const literals = this.#literals(branch.body, scope);
    // The values in a string may be variables of the body, so it is compared there.
    const computed = templates.map(({ local, term }): resolved.Literal => {
      const expression: resolved.Expression = { kind: 'unify', left: local, right: this.#term(term, scope) };
      return { expression, negated: false, withs: [], at: term.at };
    });
    const body = [...computed, ...literals];
    const branchOfRule: Omit<resolved.Branch, 'slots'> = {
      args,
      body,
      keys: keys.map((key) => this.#term(key, scope)),
      member: rule.member === undefined ? undefined : this.#term(rule.member, scope),
      value:
        branch.value === undefined
          ? { kind: 'scalar', value: true, at: branch.at }
          : this.#term(branch.value, scope),
      at: branch.at,
    };
    scope.reportUnused(this.#report);
    return { ...branchOfRule, slots: layout.size };
  }

  #body(body: ast.Body, scope: Scope): resolved.Body {
    const literals = this.#literals(body, scope);
    scope.reportUnused(this.#report);
    return literals;
  }

  #literals(body: ast.Body, scope: Scope): resolved.Body {
    // A name that the body declares anywhere is a variable of the body everywhere in it, never a rule.
    const literals: resolved.Literal[] = [];
    for (const literal of body) {
      // OPA reads the values of `with` before the expression that they are for.
      const withs = this.#withs(literal.withs, scope);
      const expression = this.#expression(literal.expression, scope);
      if (expression === undefined) continue;
      const made: resolved.Literal = { expression, negated: literal.negated, withs, at: literal.at };
      if (literal.negated) literals.push(...hoist(made, (at) => scope.frame.allocate('_', at)));
      else literals.push(made);
    }
    return literals;
  }

  #withs(withs: readonly ast.With[], scope: Scope): readonly resolved.With[] {
    return withs.flatMap((item): readonly resolved.With[] => {
      const value = this.#term(item.value, scope);
      const made = resolveWith(item, value, { names: this.#names, scope, report: this.#report });
      return made === undefined ? [] : [made];
    });
  }

  #expression(expression: ast.Expression, scope: Scope): resolved.Expression | undefined {
    switch (expression.kind) {
      case 'term': {
        const term = this.#term(expression.term, scope);
        return { kind: 'term', term: term.kind === 'call' ? { ...term, isStatement: true } : term };
      }
      case 'unify': {
        const left = this.#term(expression.left, scope);
        return { kind: 'unify', left, right: this.#term(expression.right, scope) };
      }
      case 'assign': {
        const right = this.#term(expression.right, scope);
        return { kind: 'unify', left: this.#assigned(expression.left, scope), right };
      }
      case 'some':
        for (const { name, at } of expression.names) this.#declare(name, at, 'some', scope);
        return undefined;
      case 'some-in': {
        const collection = this.#term(expression.collection, scope);
        const key = expression.key === undefined ? undefined : this.#pattern(expression.key, scope);
        return { kind: 'some-in', key, value: this.#pattern(expression.value, scope), collection };
      }
      case 'every':
        return this.#every(expression, scope);
      case 'logic': {
        const { operator } = expression;
        const operands = expression.operands.map((operand) => this.#operand(operand, operator, scope));
        return { kind: 'logic', operator, operands };
      }
    }
  }

  #operand({ body, isExplicit }: ast.Operand, operator: ast.LogicOperator, scope: Scope): resolved.Operand {
    if (isExplicit) return { body: this.#body(body, scope.inner()), isExplicit, own: new Set() };
    for (const { expression, at } of body) {
      if (expression.kind === 'assign') {
        this.#report('rego_compile_error', `cannot assign inside \`${operator}\` without braces`, at);
      }
    }
    const literals = this.#literals(body, scope);
    const own = literals.slice(0, -1).map(({ expression }) => hoistedSlot(expression));
    return { body: literals, isExplicit, own: new Set(own) };
  }

  #every(
    expression: Extract<ast.Expression, { kind: 'every' }>,
    scope: Scope,
  ): resolved.Expression | undefined {
    const domain = this.#term(expression.domain, scope);
    const inner = scope.inner();
    const { key, value } = expression;
    if ((key !== undefined && key.kind !== 'name') || value.kind !== 'name') return undefined;
    const keyLocal = key === undefined ? undefined : this.#declare(key.name, key.at, 'some', inner);
    const valueLocal = this.#declare(value.name, value.at, 'some', inner);
    const body = this.#body(expression.body, inner.inner());
    inner.reportUnused(this.#report);
    return { kind: 'every', key: keyLocal, value: valueLocal, domain, body };
  }

  #declare(name: string, at: Position, by: 'some' | 'other', scope: Scope): resolved.Local {
    this.#refuseRoot('variables', name, at);
    return scope.declare(name, at, by, this.#report);
  }

  #refuseRoot(what: 'variables' | 'args', name: string, at: Position): void {
    if (!isRoot(name)) return;
    this.#report('rego_compile_error', `${what} must not shadow \`${name}\``, at, 'use a different name');
  }

  #local(name: string, at: Position, scope: Scope): resolved.Term {
    const local = name === '_' ? scope.frame.allocate(name, at) : this.#declare(name, at, 'other', scope);
    return { kind: 'local', local, at };
  }

  /** The left side of `:=`: every variable in it is new. */
  #assigned(term: ast.Term, scope: Scope): resolved.Term {
    return this.#takenApart(term, scope, (part) => {
      if (part.kind === 'name') return this.#local(part.name, part.at, scope);
      if (part.kind === 'scalar') return part;
      this.#report('rego_compile_error', 'cannot assign to this term', part.at, 'use `==` to compare');
      return this.#term(part, scope);
    });
  }

  /** The variables of `some ... in`: every one is new; other terms are compared. */
  #pattern(term: ast.Term, scope: Scope): resolved.Term {
    return this.#takenApart(term, scope, (part) =>
      part.kind === 'name' ? this.#local(part.name, part.at, scope) : this.#term(part, scope),
    );
  }

  /** Arrays and objects are taken apart, down to the parts that `meaning` is given. */
  #takenApart(term: ast.Term, scope: Scope, meaning: (part: ast.Term) => resolved.Term): resolved.Term {
    switch (term.kind) {
      case 'array':
        return { ...term, items: term.items.map((item) => this.#takenApart(item, scope, meaning)) };
      case 'object': {
        const entries = term.entries.map(
          ([key, value]) => [this.#term(key, scope), this.#takenApart(value, scope, meaning)] as const,
        );
        return { ...term, entries };
      }
      default:
        return meaning(term);
    }
  }

  /** An argument in a function's head: a name in it is a variable; a name twice is the same variable. */
  #argument(term: ast.Term, scope: Scope): resolved.Term {
    switch (term.kind) {
      case 'name': {
        const known = term.name === '_' ? undefined : scope.find(term.name);
        return known === undefined || isRoot(term.name)
          ? this.#argumentLocal(term, scope)
          : { kind: 'local', local: known, at: term.at };
      }
      case 'array':
        return { ...term, items: term.items.map((item) => this.#argument(item, scope)) };
      case 'object':
        return {
          ...term,
          entries: term.entries.map(
            ([key, value]) => [this.#argument(key, scope), this.#argument(value, scope)] as const,
          ),
        };
      default:
        return this.#term(term, scope);
    }
  }

  #argumentLocal(term: ast.NameTerm, scope: Scope): resolved.Term {
    if (term.name === '_') return this.#local(term.name, term.at, scope);
    this.#refuseRoot('args', term.name, term.at);
    return { kind: 'local', local: scope.declareArgument(term.name, term.at), at: term.at };
  }

  #term(term: ast.Term, scope: Scope): resolved.Term {
    switch (term.kind) {
      case 'scalar':
        return term;
      case 'name':
        return this.#name(term, scope);
      case 'ref':
        return this.#ref(term, scope);
      case 'array':
      case 'set':
        return { ...term, items: term.items.map((item) => this.#term(item, scope)) };
      case 'object':
        return {
          ...term,
          entries: term.entries.map(
            ([key, value]) => [this.#term(key, scope), this.#term(value, scope)] as const,
          ),
        };
      case 'call': {
        const args = term.args.map((arg) => this.#term(arg, scope));
        return {
          kind: 'call',
          callee: resolveCallee(term, this.#names, scope, this.#report),
          args,
          at: term.at,
        };
      }
      case 'template':
        return this.#template(term, scope);
      case 'array-comprehension':
      case 'set-comprehension':
      case 'object-comprehension':
        return this.#comprehension(term, scope);
    }
  }

  #comprehension(term: ast.ComprehensionTerm | ast.ObjectComprehensionTerm, scope: Scope): resolved.Term {
    const inner = scope.inner();
    const body = this.#literals(term.body, inner);
    const isObject = term.kind === 'object-comprehension';
    const key = isObject ? this.#term(term.key, inner) : undefined;
    const item = this.#term(isObject ? term.value : term.item, inner);
    inner.reportUnused(this.#report);
    const result = isObject ? 'object' : term.kind === 'array-comprehension' ? 'array' : 'set';
    return { kind: 'comprehension', result, key, item, body, at: term.at };
  }

  #template({ parts, at }: ast.TemplateTerm, scope: Scope): resolved.Term {
    const items = parts.map((part): resolved.Term => {
      if (typeof part === 'string') return { kind: 'scalar', value: part, at };
      const own = scope.frame.allocate('_', part.term.at);
      return valueOrNone(this.#term(part.term, scope), this.#withs(part.withs, scope), own);
    });
    return templateCall(items, at);
  }

  #name(term: ast.NameTerm, scope: Scope): resolved.Term {
    const { name, at } = term;
    const local = name === '_' ? undefined : scope.find(name);
    if (local !== undefined) return { kind: 'local', local, at };
    const global = this.#names.globals.get(name);
    if (global !== undefined) return globalRef(global, at);
    if (isRoot(name)) return { kind: 'ref', root: name, path: [], at };
    return { kind: 'local', local: scope.frame.undeclared(name, at), at };
  }

  #ref(term: ast.RefTerm, scope: Scope): resolved.Term {
    const head = this.#term(term.head, scope);
    const path = term.path.map((step) => this.#term(step, scope));
    if (head.kind === 'ref') return { ...head, path: [...head.path, ...path], at: term.at };
    return { kind: 'ref', root: head, path, at: term.at };
  }
}
