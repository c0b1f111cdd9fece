/** What is said of a request that is given up. */
import { expect, test } from 'vitest';
import { RetriableError } from '../../../src/sdk/errors.js';
import { type Tries, givenUp } from '../../../src/sdk/http/retry-policy.js';

const silent = new RetriableError('http://host did not answer within the timeout', { advice: 'Check base_url.' });
const tries: Tries = { attempt: 2, patience: 'full', elapsed: 9, left: 0, down: undefined, answered: false, random: 0 };

test('a server that has never answered may be the wrong one: the message says what to check', () => {
  expect(givenUp(silent, tries).message).toMatch(/within the timeout; given up after 2 tries\. Check base_url\.$/);
});

test('a server that has answered is the right one', () => {
  expect(givenUp(silent, { ...tries, answered: true }).message).toMatch(/given up after 2 tries$/);
});
