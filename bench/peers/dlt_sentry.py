"""A small Sentry extractor with dlt's REST source, as its documentation shows: projects, issues, events.

Usage: python dlt_sentry.py CONFIG FOLDER. The rows go to files below FOLDER, where the bookmarks are too. The last line on
stderr tells how many rows there were of each stream.
"""
import json
import os
import sys

os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"

import dlt  # noqa: E402
from dlt.sources.helpers.rest_client.paginators import HeaderLinkPaginator  # noqa: E402
from dlt.sources.rest_api import rest_api_source  # noqa: E402

config, folder = json.load(open(sys.argv[1])), sys.argv[2]


class SentryPaginator(HeaderLinkPaginator):
    """Sentry always names a next page, and says whether it has rows."""

    def update_state(self, response, data=None):
        link = response.links.get("next", {})
        self._next_reference = link.get("url") if link.get("results") == "true" else None


def ranged(path, cursor, params):
    return {
        "path": path,
        "params": {"end": config["end_date"], **params},
        "incremental": {"cursor_path": cursor, "start_param": "start", "initial_value": config["start_date"]},
    }


org = config["organization"]
source = rest_api_source({
    "client": {
        "base_url": config["base_url"],
        "auth": {"type": "bearer", "token": config["api_token"]},
        "paginator": SentryPaginator(),
    },
    "resource_defaults": {"write_disposition": "append", "max_table_nesting": 0, "parallelized": True},
    "resources": [
        {"name": "projects", "primary_key": "id", "endpoint": f"organizations/{org}/projects/"},
        {"name": "issues", "primary_key": "id", "endpoint": ranged(
            f"organizations/{org}/issues/", "lastSeen", {"query": "issue.category:error", "limit": 100, "project": "-1"})},
        {"name": "events", "primary_key": ["projectID", "eventID"], "endpoint": ranged(
            f"projects/{org}/{{resources.projects.id}}/events/", "dateCreated", {"per_page": 100})},
    ],
})

pipeline = dlt.pipeline("dlt_sentry", pipelines_dir=folder)
info = pipeline.extract(source)
rows = {}
for metrics in info.metrics.values():
    for table, counts in metrics[0]["table_metrics"].items():
        rows[table] = rows.get(table, 0) + counts.items_count
print(json.dumps(rows), file=sys.stderr)
