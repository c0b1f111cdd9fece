/**
 * The text of a Python expression to an `Expression`. The grammar is Lezer's, which is made for editors: it
 * accepts more than Python does and binds `not` too loosely, so operators are put in order here (`precedence.ts`).
 */
import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/python';
import { checkSize } from './expression-size.js';
import { numberLiteral, textLiteral, unescapeText } from './literals.js';
import { comprehensions, operations, operatorNodes, sequences, split, textOf, unsupported } from './nodes.js';
import { ordered, type Token } from './precedence.js';
import {
  type Argument,
  type Clause,
  type Expression,
  ExpressionError,
  type Field,
  type Item,
  type Member,
  type Slice,
  type Target,
} from './syntax.js';

const notPython = 'this is not a Python expression';
const mostNodes = 2000; // recursion goes no deeper

/** The expression that a text holds. As in Meltano's SDK, only its first statement counts. @throws ExpressionError */
export function parseExpression(text: string): Expression {
  if (text.trim() === '') throw new ExpressionError('the expression is empty', 0, 'syntax');
  if (/^\s*?[ \t]/.test(text)) throw new ExpressionError('the expression begins with a space', 0, 'syntax');
  checkSize(text);
  const tree = parser.parse(text.trimStart());
  const offset = text.length - text.trimStart().length;
  return new Reader(text.trimStart(), offset).statement(tree.topNode);
}

const yields = 'YieldStatement';

class Reader {
  #nodes = 0;

  constructor(
    private readonly text: string,
    private readonly offset: number,
  ) {}

  statement(top: SyntaxNode): Expression {
    let wrong: SyntaxNode | undefined;
    top.cursor().iterate((node) => {
      if (node.type.isError) wrong ??= node.node;
    });
    if (wrong) throw this.#error(notPython, wrong, 'syntax');
    const [first] = this.#children(top);
    const statement = first?.name === 'StatementGroup' ? this.#children(first)[0] : first;
    if (statement?.name === 'ExpressionStatement') return this.#oneOrTuple(this.#children(statement), statement);
    if (!statement) throw this.#error('there is only a comment', top, 'syntax');
    const kind = statement.name === yields ? 'meaning' : 'statement';
    throw this.#error('this is a statement, not an expression', statement, kind);
  }

  #children(node: SyntaxNode): SyntaxNode[] {
    this.#nodes++;
    if (this.#nodes > mostNodes) throw this.#error('the expression is too long', node);
    const all: SyntaxNode[] = [];
    for (let child = node.firstChild; child; child = child.nextSibling) if (child.name !== 'Comment') all.push(child);
    return all;
  }

  #oneOrTuple(parts: readonly SyntaxNode[], node: SyntaxNode): Expression {
    const [only] = parts;
    if (parts.length === 1 && only) return this.#read(only);
    return { kind: 'sequence', form: 'tuple', items: this.#items(parts, 'tuple'), at: this.#at(node) };
  }

  #read(node: SyntaxNode): Expression {
    const at = this.#at(node);
    const parts = this.#children(node);
    switch (node.name) {
      case 'BinaryExpression':
      case 'UnaryExpression':
      case 'ConditionalExpression':
        return ordered(this.#tokens(node));
      case 'ParenthesizedExpression':
        return this.#read(this.#only(parts.slice(1, -1), node));
      case 'VariableName':
        return { kind: 'name', name: this.#textOf(node), at };
      case 'Number':
        return { kind: 'constant', value: this.#number(node), at };
      case 'Boolean':
        return { kind: 'constant', value: this.#textOf(node) === 'True', at };
      case 'None':
        return { kind: 'constant', value: null, at };
      case 'String':
      case 'FormatString':
        return textOf(this.#string(node), at);
      case 'ContinuedString':
        return textOf(
          parts.flatMap((part) => this.#string(part)),
          at,
        );
      case 'DictionaryExpression':
        return { kind: 'dictionary', members: this.#members(parts.slice(1, -1)), at };
      case 'MemberExpression':
        return this.#access(parts, node);
      case 'CallExpression':
        return { kind: 'call', ...this.#call(parts, node), at };
      default:
        return this.#brackets(parts.slice(1, -1), node);
    }
  }

  /** A list, a tuple, a set or a comprehension. */
  #brackets(inside: readonly SyntaxNode[], node: SyntaxNode): Expression {
    const form = sequences[node.name];
    if (form) return { kind: 'sequence', form, items: this.#items(inside, form), at: this.#at(node) };
    const result = comprehensions[node.name];
    if (result) return this.#comprehension(inside, result, node);
    throw this.#error(`${unsupported[node.name] ?? 'this'} is not supported`, node);
  }

  /** Operands and operators in the order of the text, whatever the grammar made of them. */
  #tokens(node: SyntaxNode): Token[] {
    return this.#children(node).flatMap((part): Token[] => {
      if (operatorNodes.has(part.name)) return [{ operator: this.#textOf(part), at: this.#at(part) }];
      return operations.has(part.name) ? this.#tokens(part) : [{ operand: this.#read(part) }];
    });
  }

  #number(node: SyntaxNode): unknown {
    const value = numberLiteral(this.#textOf(node));
    const kind = /j$/i.test(this.#textOf(node)) ? 'meaning' : 'syntax';
    if (value === undefined) throw this.#error('this number is not supported', node, kind);
    return value;
  }

  // Texts ------------------------------------------------------------------------------------------

  #string(node: SyntaxNode): (string | Field)[] {
    const literal = textLiteral(this.#textOf(node));
    if (!literal || !/^(?:|r|u|f|rf|fr)$/.test(literal.prefix))
      throw this.#error('this kind of text is not supported', node);
    const bounds = { from: node.from + literal.from, to: node.from + literal.to };
    const fields = node.name === 'FormatString' ? this.#children(node) : [];
    const isRaw = literal.prefix.includes('r');
    return this.#pieces(fields, bounds, (text) => {
      const plain = node.name === 'FormatString' ? text.replaceAll('{{', '{').replaceAll('}}', '}') : text;
      return isRaw ? plain : unescapeText(plain);
    });
  }

  /** The texts between replacement fields, and these. */
  #pieces(
    parts: readonly SyntaxNode[],
    bounds: { from: number; to: number },
    plain: (text: string) => string,
  ): (string | Field)[] {
    const fields = parts.filter(({ name }) => name === 'FormatReplacement');
    const pieces: (string | Field)[] = [];
    let from = bounds.from;
    for (const field of fields) {
      if (field.from > from) pieces.push(plain(this.text.slice(from, field.from)));
      pieces.push(...this.#selfDescription(field), this.#field(field));
      from = field.to;
    }
    if (bounds.to > from) pieces.push(plain(this.text.slice(from, bounds.to)));
    return pieces;
  }

  /** `{name=}` is written as `name=` before the value. */
  #selfDescription(field: SyntaxNode): string[] {
    const sign = this.#children(field).find(({ name }) => name === 'FormatSelfDoc');
    if (!sign) return [];
    const [space = ''] = /^\s*/.exec(this.text.slice(sign.to)) ?? [];
    return [this.text.slice(field.from + 1, sign.to) + space];
  }

  #field(node: SyntaxNode): Field {
    const parts = this.#children(node).slice(1);
    const isValue = ({ name }: SyntaxNode): boolean => !/^(?:Format\w+|\})$/.test(name);
    const format = parts.find(({ name }) => name === 'FormatSpec');
    const pieces = format
      ? this.#pieces(this.#children(format), { from: format.from + 1, to: node.to - 1 }, (text) => text)
      : [];
    const values = parts.filter((part) => isValue(part) || part.name === 'FormatString');
    return { value: this.#oneOrTuple(values, node), format: pieces };
  }

  // Lists, dictionaries, comprehensions ------------------------------------------------------------

  #items(parts: readonly SyntaxNode[], form: 'list' | 'tuple' | 'set'): Item[] {
    const items: Item[] = [];
    for (const group of split(parts)) {
      const [first, second] = group;
      if (!first) continue;
      const spread = first.name === '*';
      if (spread && form !== 'list') throw this.#error(`* in a ${form} is not supported`, first);
      const value = spread ? second : first;
      if (!value || group.length > (spread ? 2 : 1)) throw this.#error(notPython, first, 'syntax');
      items.push({ spread, value: this.#read(value) });
    }
    return items;
  }

  #members(parts: readonly SyntaxNode[]): Member[] {
    return split(parts).flatMap(([first, second, third]): Member[] => {
      if (!first) return [];
      if (first.name === '**' && second) return [{ key: undefined, value: this.#read(second) }];
      if (second?.name !== ':' || !third) throw this.#error(notPython, first, 'syntax');
      return [{ key: this.#read(first), value: this.#read(third) }];
    });
  }

  #comprehension(
    parts: readonly SyntaxNode[],
    form: 'list' | 'dictionary',
    node: SyntaxNode,
  ): Expression & { kind: 'comprehension' } {
    const start = parts.findIndex(({ name }) => name === 'for' || name === 'async');
    const head = parts.slice(0, start);
    const value = this.#read(this.#only(head.slice(-1), node));
    const [key] = form === 'dictionary' ? head : [];
    const clauses = this.#clauses(parts.slice(start));
    return { kind: 'comprehension', form, key: key && this.#read(key), value, clauses, at: this.#at(node) };
  }

  #clauses(parts: readonly SyntaxNode[]): Clause[] {
    const clauses: Clause[] = [];
    let at = 0;
    while (at < parts.length) {
      const word = parts[at] as SyntaxNode;
      if (word.name !== 'for') throw this.#error(`${word.name} is not supported`, word);
      const end = parts.findIndex(({ name }, index) => index > at && name === 'in');
      const target = this.#target(parts.slice(at + 1, end), word);
      const source = this.#read(this.#only(parts.slice(end + 1, end + 2), word));
      const conditions: Expression[] = [];
      for (at = end + 2; parts[at]?.name === 'if'; at += 2)
        conditions.push(this.#read(this.#only(parts.slice(at + 1, at + 2), word)));
      clauses.push({ target, source, conditions });
    }
    return clauses;
  }

  #target(parts: readonly SyntaxNode[], node: SyntaxNode): Target {
    const groups = split(parts);
    const targets = groups.map(([only]): Target => {
      if (only?.name === 'VariableName') return this.#textOf(only);
      if (only?.name === 'TupleExpression' || only?.name === 'ParenthesizedExpression')
        return this.#target(this.#children(only).slice(1, -1), only);
      throw this.#error('a comprehension can only assign to names', only ?? node);
    });
    const [first] = targets;
    return parts.length === 1 && first !== undefined ? first : targets;
  }

  // Members and calls ------------------------------------------------------------------------------

  #access(parts: readonly SyntaxNode[], node: SyntaxNode): Expression {
    const [first, bracket, name] = parts;
    if (!first || !bracket) throw this.#error(notPython, node, 'syntax');
    const object = this.#read(first);
    if (bracket.name === '.' && name)
      return { kind: 'attribute', object, name: this.#textOf(name), at: this.#at(name) };
    const inside = parts.slice(2, -1);
    const at = this.#at(bracket);
    if (!inside.some((part) => part.name === ':'))
      return { kind: 'subscript', object, index: this.#oneOrTuple(inside, node), at };
    return { kind: 'slice', object, slice: this.#slice(inside), at };
  }

  #slice(parts: readonly SyntaxNode[]): Slice {
    const bounds: SyntaxNode[][] = [[]];
    for (const part of parts) {
      if (part.name === ',') throw this.#error('several slices are not supported', part);
      if (part.name === ':') bounds.push([]);
      else bounds.at(-1)?.push(part);
    }
    const [start, stop, step] = bounds.map(([only]) => only && this.#read(only));
    return { start, stop, step };
  }

  #call(parts: readonly SyntaxNode[], node: SyntaxNode): { callee: Expression; args: Argument[] } {
    const [callee, list] = parts;
    if (!callee || !list) throw this.#error(notPython, node, 'syntax');
    const inside = this.#children(list).slice(1, -1);
    const callable = this.#read(callee);
    if (inside.some(({ name }) => name === 'for'))
      return { callee: callable, args: [{ name: undefined, value: this.#comprehension(inside, 'list', list) }] };
    return { callee: callable, args: split(inside).flatMap((group) => this.#argument(group)) };
  }

  #argument([first, second, third]: readonly SyntaxNode[]): Argument[] {
    if (!first) return [];
    if (first.name === '*' || first.name === '**') throw this.#error(`${first.name} in a call is not supported`, first);
    if (second?.name === 'AssignOp' && third) return [{ name: this.#textOf(first), value: this.#read(third) }];
    return [{ name: undefined, value: this.#read(first) }];
  }

  #only(parts: readonly SyntaxNode[], node: SyntaxNode): SyntaxNode {
    const [only] = parts;
    if (!only || parts.length > 1) throw this.#error('this is not supported', only ?? node);
    return only;
  }

  #textOf = ({ from, to }: SyntaxNode): string => this.text.slice(from, to);
  #at = ({ from }: SyntaxNode): number => from + this.offset;

  #error(message: string, node: SyntaxNode, kind?: ExpressionError['kind']): ExpressionError {
    return new ExpressionError(message, this.#at(node), kind);
  }
}
