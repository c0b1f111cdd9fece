/** Operators in Python's order: a flat row of operands and operators becomes an expression. */
import { type Comparison, type Expression, ExpressionError } from './syntax.js';

/** What stands in a row of operations. */
export type Token = { readonly operand: Expression } | { readonly operator: string; readonly at: number };

/** The expression that a row of operands and operators stands for. @throws ExpressionError */
export function ordered(tokens: readonly Token[]): Expression {
  return new Row(tokens).whole();
}

/** Binary operators from the loosest to the tightest, the power left out. */
const levels: readonly (readonly string[])[] = [['|'], ['^'], ['&'], ['<<', '>>'], ['+', '-'], ['*', '/', '//', '%']];
const comparisons = new Set(['<', '>', '==', '>=', '<=', '!=', 'in', 'is', 'not']);

class Row {
  #at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  whole(): Expression {
    const expression = this.#conditional();
    const left = this.tokens[this.#at];
    if (left && 'operator' in left) {
      const kind = left.operator === '@' ? 'meaning' : 'syntax';
      throw new ExpressionError(`${left.operator} is not supported here`, left.at, kind);
    }
    return expression;
  }

  #conditional(): Expression {
    const whenTrue = this.#logical('or');
    if (!this.#take('if')) return whenTrue;
    const test = this.#logical('or');
    if (!this.#take('else')) throw this.#unexpected();
    return { kind: 'conditional', test, whenTrue, whenFalse: this.#conditional(), at: whenTrue.at };
  }

  #logical(operator: 'and' | 'or'): Expression {
    const operand = (): Expression => (operator === 'or' ? this.#logical('and') : this.#negation());
    let left = operand();
    while (this.#take(operator)) left = { kind: 'logical', operator, left, right: operand(), at: left.at };
    return left;
  }

  #negation(): Expression {
    const at = this.#place;
    return this.#take('not') ? { kind: 'unary', operator: 'not', operand: this.#negation(), at } : this.#comparison();
  }

  #comparison(): Expression {
    const first = this.#binary(0);
    const rest: Comparison[] = [];
    while (comparisons.has(this.#operator)) {
      const operator = this.#comparisonOperator();
      rest.push({ operator, operand: this.#binary(0) });
    }
    return rest.length === 0 ? first : { kind: 'comparison', first, rest, at: first.at };
  }

  /** `not in` and `is not` are two words. */
  #comparisonOperator(): string {
    const operator = this.#operator;
    this.#at++;
    if (operator === 'not') {
      if (!this.#take('in')) throw this.#unexpected();
      return 'not in';
    }
    return operator === 'is' && this.#take('not') ? 'is not' : operator;
  }

  #binary(level: number): Expression {
    const operators = levels[level];
    if (!operators) return this.#factor();
    let left = this.#binary(level + 1);
    for (let operator = this.#operator; operators.includes(operator); operator = this.#operator) {
      this.#at++;
      left = { kind: 'binary', operator, left, right: this.#binary(level + 1), at: left.at };
    }
    return left;
  }

  #factor(): Expression {
    const [operator, at] = [this.#operator, this.#place];
    if (operator === '-' || operator === '+' || operator === '~') {
      this.#at++;
      return { kind: 'unary', operator, operand: this.#factor(), at };
    }
    const left = this.#operand();
    return this.#take('**') ? { kind: 'binary', operator: '**', left, right: this.#factor(), at: left.at } : left;
  }

  #operand(): Expression {
    const token = this.tokens[this.#at];
    if (!token || !('operand' in token)) throw this.#unexpected();
    this.#at++;
    return token.operand;
  }

  /** The operator that comes next; empty where none does. */
  get #operator(): string {
    const token = this.tokens[this.#at];
    return token && 'operator' in token ? token.operator : '';
  }

  get #place(): number {
    const token = this.tokens[this.#at];
    if (token) return 'operator' in token ? token.at : token.operand.at;
    return 0;
  }

  #take(operator: string): boolean {
    const isNext = this.#operator === operator;
    if (isNext) this.#at++;
    return isNext;
  }

  #unexpected(): ExpressionError {
    return new ExpressionError('this is not a Python expression', this.#place, 'syntax');
  }
}
