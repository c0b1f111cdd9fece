/** Demos whose clock stands still, and small moves of it. */
import { type Demo, type DemoOptions, createDemo } from '../../demo/index.js';

export const now = '2026-11-22T12:00:00Z';

export const still = (options: DemoOptions = {}): Promise<Demo> =>
  createDemo({ seed: 7, frozen: true, now, projects: 5, issues: 60, events: 600, days: 60, ...options });

export const minutes = 60;
export const hours = 60 * minutes;
export const days = 24 * hours;

/** Some time passes, as between two runs. */
export const letRowsAppear = (demo: Demo): void => demo.clock.advance(2 * minutes);
