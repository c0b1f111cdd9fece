"""A small Sentry tap with Meltano's Singer SDK; its columns are those of tap-sentry, so that as much is written."""
import json
from pathlib import Path

from singer_sdk import Tap, typing as th
from singer_sdk.authenticators import BearerTokenAuthenticator
from singer_sdk.pagination import HeaderLinkPaginator
from singer_sdk.streams import RESTStream

catalog = json.loads((Path(__file__).parents[2] / "dist" / "catalog.json").read_text())
schemas = {entry["tap_stream_id"]: entry["schema"] for entry in catalog["streams"]}


class SentryPaginator(HeaderLinkPaginator):
    def get_next_url(self, response):  # Sentry always names a next page, and says whether it has rows
        link = response.links.get("next", {})
        return link.get("url") if link.get("results") == "true" else None


class SentryStream(RESTStream):
    schema = property(lambda self: schemas[self.name])
    url_base = property(lambda self: self.config["base_url"] + self.prefix + self.config["organization"])
    authenticator = property(lambda self: BearerTokenAuthenticator(token=self.config["api_token"]))

    def get_new_paginator(self):
        return SentryPaginator()

    def get_url_params(self, context, next_page_token):
        if next_page_token or not self.replication_key:
            return next_page_token.query if next_page_token else {}
        start = self.get_starting_timestamp(context).strftime("%Y-%m-%dT%H:%M:%SZ")
        return {**self.params, "start": start, "end": self.config["end_date"]}


class Projects(SentryStream):
    name, primary_keys, prefix, path = "projects", ("id",), "organizations/", "/projects/"

    def get_child_context(self, record, context):
        return {"project_id": str(record["id"])}


class Issues(SentryStream):
    name, primary_keys, prefix, path = "issues", ("id",), "organizations/", "/issues/"
    replication_key, params = "lastSeen", {"query": "issue.category:error", "limit": 100, "project": -1}


class Events(SentryStream):
    name, primary_keys, prefix, path = "events", ("projectID", "eventID"), "projects/", "/{project_id}/events/"
    replication_key, params, parent_stream_type = "dateCreated", {"per_page": 100}, Projects


class SingerSentry(Tap):
    name, config_jsonschema = "singer-sentry", th.PropertiesList(th.Property("api_token", th.StringType)).to_dict()

    def discover_streams(self):
        return [Projects(self), Issues(self), Events(self)]


SingerSentry.cli()
