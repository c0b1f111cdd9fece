/**
 * Release health: so many sessions of the latest release, and some of the one before, in two environments; of today
 * only a part.
 */
import type { App } from '../app.js';
import type { Project } from '../entities.js';
import { mix } from '../random.js';
import { hashOf } from '../documented/seats.js';
import { type Frame, startsOf } from './frame.js';

/** The sessions of a release in an environment and an interval. */
export interface Sessions {
  readonly project: Project;
  readonly release: string;
  readonly environment: string;
  /** The number of the interval. */
  readonly place: number;
  /** Sessions by how they ended. */
  readonly by: Readonly<Record<string, number>>;
}

/** Servers of the organization have no sessions. */
const hasSessions = ({ platform }: Project): boolean => platform.client !== 'server';

/** All sessions of a frame, in the order of its intervals. */
export function sessionsIn({ state }: App, projects: readonly Project[], frame: Frame): Sessions[] {
  const now = state.clock.now() / 1000;
  return projects.filter(hasSessions).flatMap((project) =>
    startsOf(frame).flatMap((start, place) => {
      if (start + frame.step <= state.oldest()) return [];
      const share = Math.max(0, Math.min(1, (now - start) / frame.step));
      const running = project.releases
        .filter(({ created }) => created / 1000 <= start)
        .slice(-2)
        .reverse();
      return running.flatMap(({ version }, age) =>
        project.environments.slice(0, 2).map((environment) => {
          const hash = mix(state.settings.seed, project.index, start, hashOf(environment));
          const count = Math.floor(((20 + (hash % 200)) * share) / (1 + 3 * age));
          return { project, release: version, environment, place, by: byStatus(count) };
        }),
      );
    }),
  );
}

function byStatus(count: number): Record<string, number> {
  const [crashed, errored] = [Math.floor(count / 50), Math.floor(count / 10)];
  return { healthy: count - crashed - errored, errored, crashed, abnormal: 0 };
}

/** The numbers of sessions, by the names of their fields. */
export const sessionFields: Readonly<Record<string, (all: number, crashed: number) => number>> = {
  'sum(session)': (all) => all,
  'count_unique(user)': (all) => Math.ceil(all / 3),
  'crash_free_rate(session)': (all, crashed) => (all === 0 ? 1 : 1 - crashed / all),
  'crash_free_rate(user)': (all, crashed) => (all === 0 ? 1 : 1 - crashed / all),
};
