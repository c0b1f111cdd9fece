import { expect, test } from 'vitest';
import { ContextNames } from '../../../src/sdk/sync/context-names.js';

test('a context has the name that its row gave it', () => {
  const names = new ContextNames();

  names.learn({ project_id: '7' }, { project_id: 'web' });
  names.learn({ project_id: '8' }, undefined);

  expect(names.of({ project_id: '7' })).toBe('web');
  expect(names.of({ project_id: '8' })).toBe('project_id 8');
});

test('a row without a name takes none away, and a new name wins', () => {
  const names = new ContextNames();
  const context = { project_id: '7' };

  names.learn(context, { project_id: 'web' });
  names.learn(context, undefined);
  expect(names.of(context)).toBe('web');
  names.learn(context, { project_id: 'shop' });

  expect(names.of(context)).toBe('shop');
});

test('the order of the parts of a context does not matter', () => {
  const names = new ContextNames();

  names.learn({ a: '1', b: '2' }, { a: 'one' });

  expect(names.of({ b: '2', a: '1' })).toBe('one');
});
