import { describe, expect, test } from 'vitest';
import { type Catalog, catalogEntry } from '../../../src/sdk/singer/catalog.js';
import { selectStreams } from '../../../src/sdk/singer/select-streams.js';
import { keepLog } from '../../support/log.js';

const entryOf = (name: string, selectedByDefault = true) =>
  catalogEntry({
    name,
    schema: { type: 'object', properties: { id: { type: 'string' } } },
    keyProperties: ['id'],
    selectedByDefault,
  });
const discovered = [entryOf('events'), entryOf('details', false), entryOf('teams')];

/** A catalog's entry, selected or not; undefined: it does not say. */
const given = (name: string, selected?: boolean) => ({
  tap_stream_id: name,
  stream: name,
  schema: {},
  metadata: [{ breadcrumb: [], metadata: selected === undefined ? {} : { selected } }],
});

function select(catalog?: unknown) {
  const { log, said } = keepLog();
  const selected = selectStreams(discovered, catalog as Catalog | undefined, log);
  return { selected, names: [...selected.keys()], warnings: said('WARNING') };
}

describe('without a catalog', () => {
  test('everything is selected that is on by default', () => {
    expect(select()).toMatchObject({ names: ['events', 'teams'], warnings: [] });
  });
});

describe('with a catalog', () => {
  test('what it selects is, and what it does not name is not', () => {
    const { names, warnings } = select({ streams: [given('details', true), given('teams', false)] });

    expect([names, warnings]).toEqual([['details'], []]);
  });

  test('what it names without a word is not selected, unless it is on by default there', () => {
    const byDefault = {
      ...given('teams'),
      metadata: [{ breadcrumb: [], metadata: { 'selected-by-default': true } }],
    };

    expect(select({ streams: [given('events'), byDefault] }).names).toEqual(['teams']);
  });

  test('the entry is that of the tap, with what the catalog says of it', () => {
    const { selected } = select({
      streams: [{ ...given('events', true), key_properties: ['id'], replication_method: 'FULL_TABLE' }],
    });

    expect(selected.get('events')).toMatchObject({
      replication_method: 'FULL_TABLE',
      schema: { properties: { id: { type: 'string' } } },
    });
  });

  test('a stream that the tap does not have is said, and ignored', () => {
    const { names, warnings } = select({ streams: [given('events', true), given('tweets', true)] });

    expect(names).toEqual(['events']);
    expect(warnings).toEqual([
      'The catalog names a stream that this tap does not have: tweets. It is ignored; --discover lists the streams.',
    ]);
  });

  test('that selects nothing is said', () => {
    const { names, warnings } = select({ streams: [] });

    expect([names, warnings]).toEqual([
      [],
      ['No stream is selected: nothing will be read. Select some in the catalog, with Meltano by `select`.'],
    ]);
  });
});
