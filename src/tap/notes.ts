/** What settings of other taps, brought along, should make us say. */
export function notes(given: Readonly<Record<string, unknown>>): string[] {
  return 'min_events_per_issue' in given ? ['min_events_per_issue is not kept: it would need memory for every issue. Use sample_fraction and max_events_per_issue; nothing is sampled by default.'] : [];
}
