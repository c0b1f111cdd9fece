#!/usr/bin/env node
/** The command. */
import { runProcess } from 'tap-sentry/sdk';
import { tap } from './tap.js';

await runProcess(tap);
