/**
 * What a selection should make us say. `meltano add --from-ref` drops the plugin's `select`, and then
 * Meltano selects everything, also the streams that cost a request per row.
 */
import type { Config } from '../schemas/config.js';
import type { Logger, StreamDefinition } from '../sdk/index.js';

type EventSettings = 'event_text' | 'fetch_event_details';

export function reviewSelection(
  streams: readonly Pick<StreamDefinition, 'name' | 'optional'>[],
  selected: readonly string[],
  { tag_keys, timeseries, ...events }: Pick<Config, 'tag_keys' | 'timeseries' | EventSettings>,
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
  const unnamed = selected.filter((name) => name === 'project_tag_values' || name === 'issue_tag_values');
  if (tag_keys.length === 0 && unnamed.length > 0)
    log.warning(`tag_keys names no tag, so that there are no rows of ${unnamed.join(' and ')}.`);
  if (timeseries.length === 0 && selected.includes('events_timeseries'))
    log.warning('timeseries is empty, so that there are no rows of events_timeseries.');
  reviewEventText(selected, events, log);
}

function reviewEventText(selected: readonly string[], settings: Pick<Config, EventSettings>, log: Logger): void {
  const outlined = selected.filter((name) => name === 'events' || name === 'issue_events');
  if (!settings.event_text || settings.fetch_event_details || outlined.length === 0) return;
  log.warning(
    `event_text: the texts of ${outlined.join(' and ')} are made from outlines, without frames and breadcrumbs. Set ` +
      'fetch_event_details to true for whole ones.',
  );
}
