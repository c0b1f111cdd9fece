/** An expression of a stream map, checked against the stream's schema and ready for its records. */
import type { Row } from '../json/source-rows.js';
import type { JsonSchema } from '../singer/json-schema.js';
import { type KnownNames, checkExpression } from './check.js';
import { type Evaluate, compile } from './evaluate.js';
import { type Place, type Problems, evaluationError, expressionProblem } from './map-errors.js';
import { parseExpression } from './parse.js';
import { type Expression, ExpressionError } from './syntax.js';
import type { Work } from './work.js';

/** What all expressions of a map see beside the record. */
export interface MapNames {
  /** Of the output. */
  readonly alias: string;
  /** Of the stream that the records are from. */
  readonly original: string;
  readonly config: Readonly<Record<string, unknown>>;
}

export class MappedExpression {
  readonly #evaluate: Evaluate;

  private constructor(
    readonly expression: Expression,
    private readonly place: Place,
    private readonly names: MapNames,
    private readonly work: Work,
  ) {
    this.#evaluate = compile(expression);
  }

  /** Undefined, and a problem, for an expression that cannot be used. */
  static create(
    place: Place,
    schema: JsonSchema,
    names: MapNames,
    { problems, work }: { problems: Problems; work: Work },
  ): MappedExpression | undefined {
    try {
      const expression = parseExpression(place.text);
      checkExpression(expression, knownNames(schema, place.property));
      return new MappedExpression(expression, place, names, work);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      problems.push(expressionProblem(place, error));
      return undefined;
    }
  }

  /** The value for a record. @throws MapExpressionError */
  evaluate<Result>(record: Row, finish: (value: unknown, work: Work) => Result): Result {
    this.work.start();
    try {
      const value = this.#evaluate({ lookUp: (name) => this.#lookUp(name, record), tools: this.work });
      return finish(value, this.work);
    } catch (error) {
      throw evaluationError(this.names.original, this.place, error);
    }
  }

  #lookUp(name: string, record: Row): unknown {
    switch (name) {
      case '_':
      case 'record':
        return record;
      case 'config':
        return this.names.config;
      case '__stream_name__':
        return this.names.alias;
      case '__original_stream_name__':
        return this.names.original;
      case 'self':
        return own(record, Object.hasOwn(record, this.place.property) ? this.place.property : name);
      default:
        return own(record, name);
    }
  }
}

const own = (record: Row, name: string): unknown => (Object.hasOwn(record, name) ? record[name] : undefined);

const everywhere = new Set(['_', 'record', 'config', '__stream_name__', '__original_stream_name__']);

function knownNames({ properties = {}, additionalProperties }: JsonSchema, property: string): KnownNames {
  return {
    has: (name) =>
      everywhere.has(name) ||
      Object.hasOwn(properties, name) ||
      Boolean(additionalProperties) ||
      (name === 'self' && Object.hasOwn(properties, property)),
    examples: 'It should be a property of the stream (selected, if a catalog is given), record, config or a function',
  };
}
