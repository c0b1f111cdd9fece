/** What can be said of an expression before any record is read: names, functions and attributes that do not exist. */
import { isMethodName } from './attributes.js';
import { functions, modules } from './functions.js';
import { type Expression, ExpressionError, type Target, childrenOf } from './syntax.js';
import { Callable } from './values.js';

/** What an expression may name. */
export interface KnownNames {
  /** Whether a name has a value. */
  has(name: string): boolean;
  /** Names for a message. */
  readonly examples: string;
}

const forbidden = new Set(['format', 'format_map', 'mro', 'tb_frame', 'gi_frame', 'ag_frame', 'cr_frame', 'exec']);

/** @throws ExpressionError for what no record could make right. */
export function checkExpression(node: Expression, names: KnownNames, bound: readonly string[] = []): void {
  switch (node.kind) {
    case 'name':
      return checkName(node, names, bound);
    case 'attribute':
      checkExpression(node.object, names, bound);
      return checkAttribute(node, names, bound);
    case 'call':
      return checkCall(node, names, bound);
    case 'comprehension':
      return checkComprehension(node, names, bound);
    default:
      break;
  }
  for (const child of childrenOf(node)) checkExpression(child, names, bound);
}

function checkName(node: Expression & { kind: 'name' }, names: KnownNames, bound: readonly string[]): void {
  const { name, at } = node;
  if (bound.includes(name) || names.has(name) || Object.hasOwn(modules, name)) return;
  if (name === 'fake') throw new ExpressionError('fake is not supported: values are not made up here', at);
  if (Object.hasOwn(functions, name))
    throw new ExpressionError(`${name} is a function: call it, as in ${name}(...)`, at);
  throw new ExpressionError(`unknown name ${name}. ${names.examples}`, at);
}

function checkAttribute(
  { object, name, at }: Expression & { kind: 'attribute' },
  names: KnownNames,
  bound: readonly string[],
): void {
  if (name.startsWith('_') || name.startsWith('func_') || forbidden.has(name))
    throw new ExpressionError(`the attribute ${name} must not be used`, at);
  const module = moduleOf(object, names, bound);
  if (module && !Object.hasOwn(module.members, name))
    throw new ExpressionError(`${module.name} has no ${name} here. It has ${listed(Object.keys(module.members))}`, at);
}

function checkCall(node: Expression & { kind: 'call' }, names: KnownNames, bound: readonly string[]): void {
  const { callee, args } = node;
  checkCallee(callee, names, bound);
  for (const { name, value } of args) if (!isHandedOver(name, value)) checkExpression(value, names, bound);
}

/** A function as the `default` of `json.dumps`. */
const isHandedOver = (argument: string | undefined, value: Expression): boolean =>
  argument === 'default' && value.kind === 'name' && Object.hasOwn(functions, value.name);

function checkCallee(callee: Expression, names: KnownNames, bound: readonly string[]): void {
  if (callee.kind === 'name') {
    if (Object.hasOwn(functions, callee.name)) return;
    throw new ExpressionError(
      `unknown function ${callee.name}. There are ${listed(Object.keys(functions))}`,
      callee.at,
    );
  }
  if (callee.kind !== 'attribute') throw new ExpressionError('only functions and methods can be called', callee.at);
  checkExpression(callee, names, bound);
  const module = moduleOf(callee.object, names, bound);
  const isCallable = module ? isFunction(module.members[callee.name]) : isMethodName(callee.name);
  if (!isCallable) throw new ExpressionError(`unknown method ${callee.name}`, callee.at);
}

const isFunction = (member: unknown): boolean => member instanceof Callable && member.call !== undefined;

/** The module, or its type, that an expression names; undefined: it names a value. */
function moduleOf(node: Expression, names: KnownNames, bound: readonly string[]): Callable | undefined {
  if (node.kind === 'name') {
    const isHidden = bound.includes(node.name) || names.has(node.name);
    return !isHidden && Object.hasOwn(modules, node.name) ? modules[node.name] : undefined;
  }
  if (node.kind !== 'attribute') return undefined;
  const member = moduleOf(node.object, names, bound)?.members[node.name];
  return member instanceof Callable ? member : undefined;
}

function checkComprehension(
  { key, value, clauses }: Expression & { kind: 'comprehension' },
  names: KnownNames,
  bound: readonly string[],
): void {
  let inner = bound;
  for (const { target, source, conditions } of clauses) {
    checkExpression(source, names, inner);
    inner = [...inner, ...namesOf(target)];
    for (const condition of conditions) checkExpression(condition, names, inner);
  }
  if (key) checkExpression(key, names, inner);
  checkExpression(value, names, inner);
}

const namesOf = (target: Target): string[] => (typeof target === 'string' ? [target] : target.flatMap(namesOf));

const listed = (words: readonly string[]): string => words.join(', ');
