/** Expressions as data: what the parser makes and the compiler reads. `at` is the place in the text, from 0. */

/** Where several values stand: a list's item may be spread (`*items`). */
export interface Item {
  readonly spread: boolean;
  readonly value: Expression;
}

/** A member of a dictionary; without a key, another dictionary is spread (`**members`). */
export interface Member {
  readonly key: Expression | undefined;
  readonly value: Expression;
}

/** What a comprehension assigns to: a name, or several in a tuple. */
export type Target = string | readonly Target[];

/** `for target in source if condition ...` */
export interface Clause {
  readonly target: Target;
  readonly source: Expression;
  readonly conditions: readonly Expression[];
}

/** A replacement field of an f-string. */
export interface Field {
  readonly value: Expression;
  /** The format: an f-string itself. */
  readonly format: readonly (string | Field)[];
}

/** An argument of a call; `name` for `name=value`. */
export interface Argument {
  readonly name: string | undefined;
  readonly value: Expression;
}

export interface Slice {
  readonly start: Expression | undefined;
  readonly stop: Expression | undefined;
  readonly step: Expression | undefined;
}

type Node =
  | { readonly kind: 'constant'; readonly value: unknown }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'sequence'; readonly form: 'list' | 'tuple' | 'set'; readonly items: readonly Item[] }
  | { readonly kind: 'dictionary'; readonly members: readonly Member[] }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'logical'; readonly operator: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'comparison'; readonly first: Expression; readonly rest: readonly Comparison[] }
  | {
      readonly kind: 'conditional';
      readonly test: Expression;
      readonly whenTrue: Expression;
      readonly whenFalse: Expression;
    }
  | { readonly kind: 'attribute'; readonly object: Expression; readonly name: string }
  | { readonly kind: 'subscript'; readonly object: Expression; readonly index: Expression }
  | { readonly kind: 'slice'; readonly object: Expression; readonly slice: Slice }
  | { readonly kind: 'call'; readonly callee: Expression; readonly args: readonly Argument[] }
  | {
      readonly kind: 'comprehension';
      readonly form: 'list' | 'dictionary';
      readonly key: Expression | undefined;
      readonly value: Expression;
      readonly clauses: readonly Clause[];
    }
  | { readonly kind: 'text'; readonly parts: readonly (string | Field)[] };

/** One step of a comparison chain. */
export interface Comparison {
  readonly operator: string;
  readonly operand: Expression;
}

export type Expression = Node & { readonly at: number };

/** An expression that cannot be used, and where in its text. */
export class ExpressionError extends Error {
  /** `syntax`: no Python. `statement`: no expression. `meaning`: something that does not exist here. */
  constructor(
    message: string,
    readonly at: number,
    readonly kind: 'syntax' | 'statement' | 'meaning' = 'meaning',
  ) {
    super(message);
  }
}

/** The expressions directly below one. */
export function childrenOf(node: Expression): Expression[] {
  const all: (Expression | undefined)[] = [];
  switch (node.kind) {
    case 'sequence':
      return node.items.map(({ value }) => value);
    case 'dictionary':
      for (const { key, value } of node.members) all.push(key, value);
      break;
    case 'unary':
      return [node.operand];
    case 'binary':
    case 'logical':
      return [node.left, node.right];
    case 'comparison':
      return [node.first, ...node.rest.map(({ operand }) => operand)];
    case 'conditional':
      return [node.test, node.whenTrue, node.whenFalse];
    case 'attribute':
      return [node.object];
    case 'subscript':
      return [node.object, node.index];
    case 'slice':
      all.push(node.object, node.slice.start, node.slice.stop, node.slice.step);
      break;
    case 'call':
      return [node.callee, ...node.args.map(({ value }) => value)];
    case 'text':
      return fieldsOf(node.parts);
    default:
      break;
  }
  return all.filter((one) => one !== undefined);
}

function fieldsOf(parts: readonly (string | Field)[]): Expression[] {
  return parts.flatMap((part) => (typeof part === 'string' ? [] : [part.value, ...fieldsOf(part.format)]));
}
