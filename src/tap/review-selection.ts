/**
 * What a selection should make us say. `meltano add --from-ref` drops the plugin's `select`, and then
 * Meltano selects everything, also the streams that cost a request per row.
 */
import type { Logger, StreamDefinition } from '../sdk/index.js';

export function reviewSelection(
  streams: readonly Pick<StreamDefinition, 'name' | 'optional'>[],
  selected: readonly string[],
  log: Logger,
): void {
  const usual = streams.filter(({ optional }) => !optional).map(({ name }) => name);
  if (streams.every(({ name }) => selected.includes(name))) {
    log.warning(
      `All ${streams.length} streams are selected. event_detail costs one request per event, issue_detail and ` +
        'issue_events one per issue: at 40 requests a second, 100,000 events take about 42 minutes, at 5 a second ' +
        '10,000 issues 33 minutes. ' +
        'If that is not meant (meltano add --from-ref drops the selection), put this into meltano.yml: select: ' +
        `[${usual.map((name) => `${name}.*`).join(', ')}]`,
    );
  } else if (selected.includes('events') && selected.includes('issue_events')) {
    log.warning('issue_events are the rows of events again, asked issue by issue: one of the two is enough for most.');
  }
}
