/**
 * Event lists as a server shows them, newest first: by the events' own time, as the index has them, or by arrival.
 * An order by arrival is kept until the world moves.
 */
import type { Behaviour } from './behaviour.js';
import type { EventList } from './event-index.js';
import type { State } from './state.js';
import type { Window } from './times.js';

/** A list of events that can be looked at by position. */
export interface OrderedEvents {
  readonly length: number;
  /** The event at a position, 0 the newest. */
  at(position: number): number;
}

interface Kept {
  readonly version: number;
  readonly oldest: number;
  readonly events: readonly number[];
}

export class EventOrder {
  private readonly kept = new WeakMap<EventList, Kept>();

  constructor(
    private readonly state: State,
    private readonly behaviour: Behaviour,
  ) {}

  /** The events of a window; by arrival, servers know no windows but what retention leaves. */
  newestFirst(list: EventList, window: Window): OrderedEvents {
    if (this.behaviour.eventOrder === 'dateReceived') {
      const events = this.byArrival(list, window);
      return { length: events.length, at: (position) => events[position]! };
    }
    const [from, to] = list.within(window.start, window.end);
    return { length: to - from, at: (position) => list.get(to - 1 - position) };
  }

  private byArrival(list: EventList, { start, end }: Window): readonly number[] {
    const { version } = this.state;
    const kept = this.kept.get(list);
    if (kept?.version === version && kept.oldest === start) return kept.events;
    const { received, second } = this.state.events;
    const [from, to] = list.within(start, end);
    const events = Array.from({ length: to - from }, (_, n) => list.get(to - 1 - n));
    events.sort((a, b) => received[b]! - received[a]! || second[b]! - second[a]! || b - a);
    this.kept.set(list, { version, oldest: start, events });
    return events;
  }
}
