/** Expressions as functions: each node becomes a closure, made once a run and called for every record. */
import { iterate } from './arguments.js';
import { attributeOf, itemOf, methodOf, sliceOf } from './attributes.js';
import { Failure } from './failure.js';
import { formatValue } from './format.js';
import { functions, modules } from './functions.js';
import { compares } from './comparisons.js';
import { binary, unary } from './operators.js';
import type { Argument, Clause, Expression, Field, Item, Target } from './syntax.js';
import { checkLength, textOf } from './text.js';
import {
  type CallInput,
  Callable,
  Dictionary,
  List,
  Tuple,
  UniqueSet,
  isDictionary,
  isTrue,
  memberEntries,
  typeName,
} from './values.js';
import type { Work } from './work.js';

/** What an expression sees. */
export interface Scope {
  /** The value of a name; undefined: there is none. */
  readonly lookUp: (name: string) => unknown;
  readonly tools: Work;
}

/** An expression that is ready to be evaluated. @throws Failure */
export type Evaluate = (scope: Scope) => unknown;

/** The function of an expression. */
export function compile(node: Expression): Evaluate {
  const evaluate = compileNode(node);
  return (scope) => {
    scope.tools.spend(10);
    return evaluate(scope);
  };
}

function compileNode(node: Expression): Evaluate {
  switch (node.kind) {
    case 'constant':
      return () => node.value;
    case 'name':
      return ({ lookUp }) => named(lookUp, node.name);
    case 'sequence':
      return sequence(node.form, node.items);
    case 'dictionary':
      return dictionary(node.members);
    case 'unary':
      return negation(node.operator, compile(node.operand));
    case 'binary':
      return operation(node.operator, compile(node.left), compile(node.right));
    case 'logical':
      return logical(node.operator, compile(node.left), compile(node.right));
    case 'comparison':
      return comparison(node);
    case 'conditional':
      return conditional(compile(node.test), compile(node.whenTrue), compile(node.whenFalse));
    case 'attribute': {
      const object = compile(node.object);
      return (scope) => attributeOf(object(scope), node.name);
    }
    case 'subscript': {
      const [object, index] = [compile(node.object), compile(node.index)];
      return (scope) => itemOf(object(scope), index(scope), scope.tools);
    }
    case 'slice':
      return slice(node);
    case 'call':
      return call(node.callee, node.args);
    case 'comprehension':
      return comprehension(node);
    case 'text':
      return text(node.parts);
  }
}

function named(lookUp: Scope['lookUp'], name: string): unknown {
  const value = lookUp(name);
  if (value !== undefined) return value;
  if (Object.hasOwn(modules, name)) return modules[name];
  if (Object.hasOwn(functions, name)) return functions[name];
  throw new Failure('NameNotDefined', `'${name}' is not defined: the record has no such property`);
}

function sequence(form: 'list' | 'tuple' | 'set', parts: readonly Item[]): Evaluate {
  const items = parts.map(({ spread, value }) => ({ spread, value: compile(value) }));
  const all: (scope: Scope) => unknown[] = (scope) =>
    items.flatMap(({ spread, value }) => (spread ? iterate(value(scope), scope.tools) : [value(scope)]));
  if (form === 'list') return (scope) => new List(bounded(all(scope)));
  return form === 'tuple' ? (scope) => new Tuple(all(scope)) : (scope) => new UniqueSet(all(scope));
}

function bounded(items: unknown[]): unknown[] {
  checkLength(items.length);
  return items;
}

function dictionary(parts: Extract<Expression, { kind: 'dictionary' }>['members']): Evaluate {
  const members = parts.map(({ key, value }) => ({ key: key && compile(key), value: compile(value) }));
  return (scope) => {
    const all = new Dictionary();
    for (const { key, value } of members) {
      if (key) all.set(key(scope), value(scope));
      else for (const [name, item] of spread(value(scope), scope)) all.set(name, item);
    }
    return all;
  };
}

function spread(value: unknown, { tools }: Scope): readonly (readonly [key: unknown, value: unknown])[] {
  if (!isDictionary(value)) throw new Failure('TypeError', `'${typeName(value)}' object is not a mapping`);
  const entries = memberEntries(value);
  tools.spend(entries.length);
  return entries;
}

function negation(operator: string, operand: Evaluate): Evaluate {
  return operator === 'not' ? (scope) => !isTrue(operand(scope)) : (scope) => unary(operator, operand(scope));
}

function operation(operator: string, left: Evaluate, right: Evaluate): Evaluate {
  return (scope) => binary(operator, left(scope), right(scope), scope.tools);
}

function logical(operator: 'and' | 'or', left: Evaluate, right: Evaluate): Evaluate {
  return (scope) => {
    const first = left(scope);
    return isTrue(first) === (operator === 'or') ? first : right(scope);
  };
}

function comparison({ first, rest }: Extract<Expression, { kind: 'comparison' }>): Evaluate {
  const start = compile(first);
  const steps = rest.map(({ operator, operand }) => ({ operator, operand: compile(operand) }));
  return (scope) => {
    let left = start(scope);
    for (const { operator, operand } of steps) {
      const right = operand(scope);
      if (!compares(operator, left, right, scope.tools)) return false;
      left = right;
    }
    return true;
  };
}

function conditional(test: Evaluate, then: Evaluate, otherwise: Evaluate): Evaluate {
  return (scope) => (isTrue(test(scope)) ? then(scope) : otherwise(scope));
}

function slice({ object, slice: bounds }: Extract<Expression, { kind: 'slice' }>): Evaluate {
  const whole = compile(object);
  const [start, stop, step] = [bounds.start, bounds.stop, bounds.step].map((bound) => bound && compile(bound));
  return (scope) => {
    const value = whole(scope);
    return sliceOf(value, { start: start?.(scope), stop: stop?.(scope), step: step?.(scope) }, scope.tools);
  };
}

function call(callee: Expression, given: readonly Argument[]): Evaluate {
  const args = given.map(({ name, value }) => ({ name, value: compile(value) }));
  const find = callable(callee);
  return (scope) => {
    const target = find(scope);
    const named = new Map<string, unknown>();
    const inOrder: unknown[] = [];
    for (const { name, value } of args) {
      if (name === undefined) inOrder.push(value(scope));
      else named.set(name, value(scope));
    }
    return target({ args: inOrder, named, tools: scope.tools });
  };
}

type Target1 = (input: CallInput) => unknown;

/** What is called: a function by its name, or the method of a value. */
function callable(callee: Expression): (scope: Scope) => Target1 {
  if (callee.kind === 'name') {
    const known = Object.hasOwn(functions, callee.name) ? functions[callee.name]?.call : undefined;
    return () => known ?? notCallable(callee.name);
  }
  if (callee.kind !== 'attribute') return () => notCallable('this');
  const object = compile(callee.object);
  const { name } = callee;
  return (scope) => {
    const value = object(scope);
    const method = methodOf(value, name);
    if (method) return method;
    const member = attributeOf(value, name);
    return member instanceof Callable && member.call ? member.call : notCallable(name);
  };
}

function notCallable(name: string): never {
  throw new Failure('FunctionNotDefined', `${name} is not a function`);
}

// Comprehensions -----------------------------------------------------------------------------------

function comprehension({ form, key, value, clauses }: Extract<Expression, { kind: 'comprehension' }>): Evaluate {
  const [name, item] = [key && compile(key), compile(value)];
  const steps = clauses.map(compileClause);
  return (scope) => {
    const list: unknown[] = [];
    const members = new Dictionary();
    rounds(steps, scope, (inner) => {
      if (name) members.set(name(inner), item(inner));
      else list.push(item(inner));
    });
    return form === 'dictionary' ? members : new List(list);
  };
}

interface Step {
  target: Target;
  source: Evaluate;
  conditions: readonly Evaluate[];
}

const compileClause = ({ target, source, conditions }: Clause): Step => ({
  target,
  source: compile(source),
  conditions: conditions.map(compile),
});

function rounds([step, ...rest]: readonly Step[], scope: Scope, visit: (scope: Scope) => void): void {
  if (!step) {
    visit(scope);
    return;
  }
  for (const item of iterate(step.source(scope), scope.tools)) {
    scope.tools.round();
    const inner = withNames(scope, assigned(step.target, item, scope));
    if (step.conditions.every((condition) => isTrue(condition(inner)))) rounds(rest, inner, visit);
  }
}

function withNames(scope: Scope, names: ReadonlyMap<string, unknown>): Scope {
  return { ...scope, lookUp: (name) => (names.has(name) ? names.get(name) : scope.lookUp(name)) };
}

function assigned(target: Target, item: unknown, scope: Scope): ReadonlyMap<string, unknown> {
  if (typeof target === 'string') return new Map([[target, item]]);
  const items = iterate(item, scope.tools);
  const filled = target.slice(0, items.length); // as in Meltano's SDK: what is too many on a side is left out
  return new Map(filled.flatMap((one, index) => [...assigned(one, items[index], scope)]));
}

// F-strings ----------------------------------------------------------------------------------------

function text(parts: readonly (string | Field)[]): Evaluate {
  const pieces = parts.map((part) => (typeof part === 'string' ? () => part : field(part)));
  return (scope) => {
    let whole = '';
    for (const piece of pieces) {
      const one = textOf(piece(scope), scope.tools);
      checkLength(whole.length + one.length);
      whole += one;
    }
    return whole;
  };
}

function field({ value, format }: Field): Evaluate {
  const content = compile(value);
  if (format.length === 0) return content;
  const specification = text(format);
  return (scope) => formatValue(content(scope), String(specification(scope)), scope.tools);
}
