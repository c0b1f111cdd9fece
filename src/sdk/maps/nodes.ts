/** Nodes of the grammar: which kinds there are, and what is made of several of them. */
import type { SyntaxNode } from '@lezer/common';
import type { Expression, Field } from './syntax.js';

/** Nodes that are operators. */
export const operatorNodes = new Set(['ArithOp', 'BitOp', 'CompareOp', 'and', 'or', 'not', 'in', 'is', 'if', 'else']);
/** Nodes that are rows of operands and operators. */
export const operations = new Set(['BinaryExpression', 'UnaryExpression', 'ConditionalExpression']);

/** Lists, tuples and sets. */
export const sequences: Readonly<Record<string, 'list' | 'tuple' | 'set'>> = {
  ArrayExpression: 'list',
  TupleExpression: 'tuple',
  SetExpression: 'set',
};

/** What comprehensions make. A generator makes a list. */
export const comprehensions: Readonly<Record<string, 'list' | 'dictionary'>> = {
  ArrayComprehensionExpression: 'list',
  ComprehensionExpression: 'list',
  DictionaryComprehensionExpression: 'dictionary',
};

/** What is not supported, in words. */
export const unsupported: Readonly<Record<string, string>> = {
  LambdaExpression: 'lambda',
  AwaitExpression: 'await',
  YieldExpression: 'yield',
  NamedExpression: ':=',
  Ellipsis: '...',
  SetComprehensionExpression: 'a set comprehension',
};

/** Groups between commas. */
export function split(parts: readonly SyntaxNode[]): SyntaxNode[][] {
  const groups: SyntaxNode[][] = [[]];
  for (const part of parts) {
    if (part.name === ',') groups.push([]);
    else groups.at(-1)?.push(part);
  }
  return groups.filter((group) => group.length > 0);
}

/** A text without replacement fields is a constant. */
export function textOf(parts: readonly (string | Field)[], at: number): Expression {
  const isPlain = parts.every((part) => typeof part === 'string');
  return isPlain ? { kind: 'constant', value: parts.join(''), at } : { kind: 'text', parts, at };
}
