/** What maps make of a schema, of keys and of records. */
import { describe, expect, test } from 'vitest';
import type { Problem } from '../../../src/sdk/maps/map-errors.js';
import { StreamMaps, type StreamOutput } from '../../../src/sdk/maps/stream-maps.js';
import type { JsonSchema } from '../../../src/sdk/singer/json-schema.js';

const schema: JsonSchema = {
  type: 'object',
  required: ['id', 'name'],
  properties: {
    id: { type: 'integer' },
    name: { type: 'string' },
    count: { type: ['integer', 'null'] },
    at: { type: ['string', 'null'], format: 'date-time' },
    owner: { type: ['object', 'null'], properties: { email: { type: ['string', 'null'] } } },
  },
};
const world = { now: () => 0, random: () => 0.5 };

function outputsOf(stream_maps: Record<string, unknown>, more: object = {}) {
  const found: Problem[] = [];
  const maps = new StreamMaps({ stream_maps, ...more }, world, found);
  const outputs = maps.outputs({ name: 'things', schema, keyProperties: ['id'] }, found);
  return { outputs, problems: found.map(({ message }) => message), maps };
}

function output(definition: object, more: object = {}): StreamOutput {
  const { outputs, problems } = outputsOf({ things: definition }, more);
  expect(problems).toEqual([]);
  const [first] = outputs ?? [];
  if (!first || 'removed' in first) throw new Error('the stream was dropped');
  return first;
}

const typeOf = (expression: string): JsonSchema | undefined => output({ new: expression }).schema.properties?.['new'];

describe('the schema of a computed property', () => {
  test.each([
    ['float(count) if count else None', { type: ['number', 'null'] }],
    ['int(name) + 1', { type: ['integer', 'null'] }],
    ['str(count)', { type: ['string', 'null'] }],
    ['bool(count)', { type: ['boolean', 'null'] }],
    ['json.dumps(owner)', { type: ['string', 'null'] }],
    ['datetime.date(2024, 1, 2)', { type: ['string', 'null'], format: 'date' }],
    ['datetime.datetime.fromisoformat(at).date()', { type: ['string', 'null'], format: 'date' }],
    ['datetime.datetime.now()', { type: ['string', 'null'], format: 'date-time' }],
    ['count', { type: ['integer', 'null'] }],
    ['at', { type: ['string', 'null'], format: 'date-time' }],
    ['owner', schema.properties?.['owner']],
    ["_.get('count')", { type: ['integer', 'null'] }],
    ["_.get('count', 0)", { type: ['string', 'null'] }],
    ['count * 2', { type: ['string', 'null'] }],
    ['42', { type: ['integer', 'null'] }],
    ['-1.5', { type: ['number', 'null'] }],
    ['True', { type: ['boolean', 'null'] }],
    ["'text'", { type: ['string', 'null'] }],
    ['None', { type: ['string', 'null'] }],
    ['record', { ...schema, type: ['object', 'null'] }],
  ])('%s is %j', (expression, expected) => {
    expect(typeOf(expression)).toEqual(expected);
  });

  test('that replaces another is that of the other, and may be null', () => {
    expect(output({ name: 'self.upper()', count: 'count + 1' }).schema.properties).toMatchObject({
      name: { type: ['string', 'null'] },
      count: { type: ['integer', 'null'] },
    });
  });
});

describe('a map', () => {
  test('removes, renames and computes, always from the record as it came', () => {
    const { schema: mapped, transform } = output({ title: 'name', name: null, count: 'count + 1', twice: 'count * 2' });

    expect(Object.keys(mapped.properties ?? {})).toEqual(['id', 'count', 'at', 'owner', 'title', 'twice']);
    expect(mapped['required']).toEqual(['id']);
    expect(transform({ id: 1, name: 'a', count: 3 })).toEqual({ id: 1, count: 4, title: 'a', twice: 6 });
  });

  test('does not change the record that it is given', () => {
    const record = Object.freeze({ id: 1, name: 'a', owner: Object.freeze({ email: 'x' }) });

    output({ name: "'b'", owner: '{**owner, "new": 1}' }).transform(record);
    expect(record).toEqual({ id: 1, name: 'a', owner: { email: 'x' } });
  });

  test('with __else__ keeps the keys and what it names', () => {
    const { schema: mapped, transform, keyProperties } = output({ label: 'name', __else__: '__NULL__' });

    expect(mapped.properties).toEqual({ id: { type: 'integer' }, label: { type: ['string', 'null'] } });
    expect(keyProperties).toEqual(['id']);
    expect(transform({ id: 1, name: 'a', count: 3 })).toEqual({ id: 1, label: 'a' });
  });

  test.each([
    [['name'], ['name']],
    [[], []],
    [null, null],
  ])('with __key_properties__ %j has the keys %j', (keys, expected) => {
    expect(output({ id: null, __key_properties__: keys }).keyProperties).toEqual(expected);
  });

  test('filters by what Python takes for true', () => {
    const { transform, keeps } = output({ __filter__: 'name' });

    expect(transform({ id: 1, name: '' })).toBeUndefined();
    expect(transform({ id: 1, name: 'a' })).toEqual({ id: 1, name: 'a' });
    expect(keeps?.({ id: 1, name: '' })).toBe(false);
  });

  test('knows the names of its streams and the values of stream_map_config', () => {
    const config = { stream_map_config: { seed: 's' } };
    const { stream, transform } = output(
      {
        __alias__: "__stream_name__ + '_v2'",
        where: "__stream_name__ + '/' + __original_stream_name__ + config['seed']",
      },
      config,
    );

    expect(stream).toBe('things_v2');
    expect(transform({ id: 1 })?.['where']).toBe('things_v2/thingss');
  });

  test.each([
    ['self', { id: 1, name: null }, null],
    ["self or 'none'", { id: 1, name: null }, 'none'],
    ['self.upper()', { id: 1, name: 'a' }, 'A'],
  ])('takes %s for the value that is replaced, null too', (name, record, expected) => {
    expect(output({ name }).transform(record)).toEqual({ id: 1, name: expected });
  });

  test.each([
    [{ count: "'x'" }, 'count', { type: ['string', 'null'] }],
    [{ count: "'yes' if count else 'no'" }, 'count', { type: ['string', 'null'] }],
    [{ x: '-True' }, 'x', { type: ['string', 'null'] }],
    [{ id: 'id * 10', __else__: null }, 'id', { type: ['string', 'null'] }],
  ])('of %j declares %s as Meltano does', (definition, property, expected) => {
    expect(output(definition).schema.properties?.[property]).toEqual(expected);
  });

  test.each(['renamed', 'public.renamed', 'my-things', '123', 'a/b', "record['x']", 'é'])(
    'has the alias %s as it is',
    (alias) => {
      expect(output({ __alias__: alias }).stream).toBe(alias);
    },
  );

  test('comes before flattening', () => {
    const { schema: mapped, transform } = output(
      { mail: "owner['email'] if owner else None" },
      { flattening_enabled: true, flattening_max_depth: 1 },
    );

    expect(Object.keys(mapped.properties ?? {})).toEqual(['id', 'name', 'count', 'at', 'owner__email', 'mail']);
    expect(transform({ id: 1, owner: { email: 'x' } })).toEqual({ id: 1, owner__email: 'x', mail: 'x' });
  });
});

describe('streams', () => {
  const shape = (maps: Record<string, unknown>) =>
    outputsOf(maps).outputs?.map((one) => ('removed' in one ? `no ${one.stream}` : one.stream));

  test.each([
    [{ other: { x: '1' } }, undefined],
    [{ things: null }, ['no things']],
    [{ 'th*': '__NULL__' }, ['no things']],
    [{ other: {}, __else__: null }, ['no things']],
    [{ things: {}, __else__: null }, ['things']],
    [{ 'th?ngs': { count: null } }, ['things']],
    [{ copy: { __source__: 'things' } }, ['things', 'copy']],
    [{ copy: { __source__: 'th*' }, second: { __source__: 'things' } }, ['things', 'copy', 'second']],
    [{ things: null, copy: { __source__: 'things' } }, ['no things', 'copy']],
  ])('of %j are %j', (maps, expected) => {
    expect(shape(maps)).toEqual(expected);
  });

  test.each([
    [{ things: 'text' }, /should be an object of properties, or null/],
    [{ __else__: 'things' }, /__else__ can only be null/],
    [{ __filter__: 'True' }, /__filter__ is not known/],
    [{ things: { x: 5 } }, /things.x should be an expression, or null/],
    [{ things: { __else__: 'x' } }, /things.__else__ can only be null/],
    [{ things: { __key_properties__: 'id' } }, /__key_properties__ should be a list/],
    [{ things: { __key_properties__: ['ghost'] } }, /names ghost, which the stream does not have/],
    [{ things: { __alias__: 'a b' } }, /__alias__ is "a b"; column 3/],
    [{ things: { __alias__: 'class' } }, /__alias__ is "class"; column/],
    [{ things: { __alias__: '1x' } }, /__alias__ is "1x"; column/],
    [{ things: { __alias__: '1 / 0' } }, /division by zero/],
    [{ things: { __key_properties__: '__NULL__' } }, /__key_properties__ should be a list/],
    [{ things: { __filter__: '__NULL__' } }, /unknown name __NULL__/],
    [{ things: { x: '' } }, /the expression is empty/],
    [{ things: { x: 'self' } }, /unknown name self/],
    [{ things: { __source__: 5 } }, /__source__ should be the name of a stream/],
  ])('cannot be made of %j', (maps, problem) => {
    expect(outputsOf(maps).problems.join('\n')).toMatch(problem);
  });

  test('and options that nothing knows are worth a warning', () => {
    const { maps } = outputsOf({ things: { __filtr__: 'name' }, ghosts: {} });

    expect(maps.warnings(['things'])).toEqual([
      expect.stringMatching(/^stream_maps.things.__filtr__ makes a property of this name/),
      'stream_maps.ghosts changes nothing: there is no stream ghosts.',
    ]);
  });
});
