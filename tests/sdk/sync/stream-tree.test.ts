import { describe, expect, test } from 'vitest';
import { SkippableError, StreamError } from '../../../src/sdk/errors.js';
import type { StreamNode } from '../../../src/sdk/sync/stream-node.js';
import { settle } from '../../support/clock.js';
import { LibraryServer, nodeOf, setUp } from './library.js';

const treeOf = (select: readonly string[], more: object = {}) => setUp(new LibraryServer({}), { select, ...more });

/** The tree as text: `shelves (books (notes*))`, with a star behind what is selected. */
const draw = (nodes: readonly StreamNode[]): string =>
  nodes
    .map(({ name, output, children }) => {
      const below = children.length > 0 ? ` (${draw(children)})` : '';
      return `${name}${output ? '*' : ''}${below}`;
    })
    .join(', ');

describe('the tree of a run', () => {
  test('has what is selected, and the parents that it needs', () => {
    expect(draw(treeOf(['notes']).roots)).toBe('shelves (books (notes*))');
    expect(draw(treeOf(['shelves']).roots)).toBe('shelves*');
    expect(draw(treeOf([]).roots)).toBe('');
  });

  test('has a parent once, whatever needs it', () => {
    expect(draw(treeOf(['staff', 'notes', 'loans', 'receipts']).roots)).toBe(
      'shelves (staff*, books (notes*, loans*), sales (receipts*))',
    );
  });
});

describe('a node', () => {
  test('knows everything below it, and what of that is selected', () => {
    const { roots } = treeOf(['books', 'stamps']);
    const books = nodeOf(roots, 'books');

    expect(books.subtree.map(({ name }) => name)).toEqual(['books', 'notes', 'stamps']);
    expect(books.outputs.map(({ name }) => name)).toEqual(['books', 'stamps']);
  });

  test('has a reader of ranges only where its definition has a window', () => {
    const { roots } = treeOf(['notes']);

    expect(nodeOf(roots, 'books').reader).toBeDefined();
    expect(nodeOf(roots, 'notes').reader).toBeUndefined();
  });

  test('is enough when every selected stream below it is, and something is selected', () => {
    const { roots } = treeOf(['books', 'notes'], { maxRows: 1 });
    const [shelves, books, notes] = ['shelves', 'books', 'notes'].map((name) => nodeOf(roots, name));

    if (books?.output) books.output.outcome.rows = 1;
    expect(shelves?.isEnough).toBe(false);
    if (notes?.output) notes.output.outcome.rows = 1;

    expect(shelves?.isEnough).toBe(true);
    expect(treeOf(['books']).roots[0]?.isEnough).toBe(false);
  });

  test('takes a record once for each partition', () => {
    const node = nodeOf(treeOf(['sales']).roots, 'sales');
    const record = { key: '7', raw: {}, row: {}, kept: true };

    expect([
      node.claim({ shelf: 's0' }, record),
      node.claim({ shelf: 's0' }, record),
      node.claim({ shelf: 's1' }, record),
      node.claim(undefined, record),
      node.claim(undefined, record),
      node.claim({ shelf: 's0' }, { ...record, key: '8' }),
    ]).toEqual([true, false, true, true, false, true]);
  });

  test('does one task after the other, though one fails', async () => {
    const node = nodeOf(treeOf(['books']).roots, 'books');
    const began: string[] = [];
    let end: () => void = () => undefined;
    const first = node.inTurn(async () => {
      began.push('first');
      await new Promise<void>((resolve) => (end = resolve));
      throw new Error('no');
    });
    const second = node.inTurn(() => Promise.resolve(began.push('second')));
    const refused = expect(first).rejects.toThrow('no');

    await settle();
    expect(began).toEqual(['first']);
    end();
    await refused;
    await second;

    expect(began).toEqual(['first', 'second']);
  });

  test('leaves out the records that the settings do not want, and counts them', async () => {
    const { roots, ids, outputs } = treeOf(['books']);
    const record = (key: string, kept: boolean) => ({ key, raw: { id: key }, row: { id: key }, kept });

    await nodeOf(roots, 'books').write([record('a', true), record('b', false), record('c', false)], 0);

    expect(ids('books')).toEqual(['a']);
    expect(outputs.get('books')?.outcome.describe()).toContain('left out by settings (2)');
  });
});

describe('a failure', () => {
  const state = { bookmarks: { books: { partitions: [{ context: { shelf: 's0' }, start: '2026-05-01T00:00:00Z' }] } } };

  test('is reported for the stream and for all below it, with the name of the partition', () => {
    const { roots, bookmarks, outputs } = treeOf(['books', 'stamps']);
    bookmarks.names.learn({ shelf: 's0' }, { shelf: 'poetry' });

    nodeOf(roots, 'books').failed(bookmarks, [{ shelf: 's0' }, { shelf: 's1' }], new StreamError('HTTP 500'));

    for (const name of ['books', 'stamps'])
      expect(outputs.get(name)?.outcome.failures).toEqual(['poetry: HTTP 500', 'shelf s1: HTTP 500']);
  });

  test('that is a refusal counts as one, and as withdrawn where an earlier run could read', () => {
    const { roots, bookmarks, outputs } = treeOf(['books', 'notes'], { state });
    const refused = new SkippableError('HTTP 403', { status: 403 });

    nodeOf(roots, 'books').failed(bookmarks, [{ shelf: 's0' }, { shelf: 's1' }], refused);

    const [books, notes] = ['books', 'notes'].map((name) => outputs.get(name)?.outcome);
    expect([books?.withdrawn, [...(books?.refused ?? [])]]).toEqual([['shelf s0'], [['shelf s1', 403]]]);
    expect([notes?.withdrawn, [...(notes?.refused ?? [])]]).toEqual([
      [],
      [
        ['shelf s0', 403],
        ['shelf s1', 403],
      ],
    ]);
  });

  test('of the stream itself is withdrawn where an earlier run knew the stream', () => {
    const { roots, bookmarks, outputs } = treeOf(['books'], { state });

    nodeOf(roots, 'books').failed(bookmarks, [undefined], new SkippableError('HTTP 404', { status: 404 }));

    expect(outputs.get('books')?.outcome.withdrawn).toEqual(['books']);
  });
});
