/** A bound on what the evaluation of one expression may cost, so that no expression can hold up a run. */
import { Failure } from './failure.js';
import type { Tools } from './values.js';

const mostWork = 1_000_000; // units of some fifty nanoseconds
const mostRounds = 10_000; // of comprehensions, as in Meltano's SDK

/** What functions need of the world. */
export interface World {
  /** Epoch milliseconds. */
  now(): number;
  /** From 0 to 1. */
  random(): number;
}

/** Counts what an evaluation costs. */
export class Work implements Tools {
  #spent = 0;
  #rounds = 0;

  constructor(private readonly world: World) {}

  /** Begins anew, for another expression. */
  start(): void {
    this.#spent = 0;
    this.#rounds = 0;
  }

  spend(cost: number): void {
    this.#spent += cost;
    if (this.#spent > mostWork) throw new Failure('TooMuchWork', 'the expression needs too much work');
  }

  /** Counts a round of a comprehension. */
  round(): void {
    this.spend(30);
    this.#rounds++;
    if (this.#rounds > mostRounds)
      throw new Failure('IterableTooLong', `comprehensions make more than ${mostRounds} rounds`);
  }

  now(): number {
    return this.world.now();
  }

  random(): number {
    return this.world.random();
  }
}
