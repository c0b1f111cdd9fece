import type { Workload } from '../workload.js';
import { bodies } from './bodies.js';
import { cpu } from './cpu.js';
import { giant } from './giant.js';
import { history } from './history.js';
import { latency, streams } from './latency.js';
import { budget, sentryIo } from './limits.js';
import { million } from './million.js';
import { quiet } from './quiet.js';
import { second } from './second.js';
import { start } from './start.js';

export const workloads: readonly Workload[] = [
  start,
  cpu,
  bodies,
  latency,
  streams,
  giant,
  budget,
  sentryIo,
  second,
  quiet,
  history,
  million,
];
