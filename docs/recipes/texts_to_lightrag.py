#!/usr/bin/env python3
"""A Singer target that posts texts of events and issues to a LightRAG server.

Reads Singer messages from stdin. A STATE message goes to stdout once every text before it was taken, so that
the next run reads on from there. Needs Python 3.9 or newer and no packages.
"""
import argparse, json, sys, urllib.error, urllib.request

BATCH = 20  # texts in one request


def document(stream, row):
    """The name and the text of a row; None for rows that are no document."""
    if stream in ("events", "issue_events", "event_detail") and row.get("text_content"):
        return f"sentry-event-{row['projectID']}-{row['eventID']}", row["text_content"]
    if stream == "issues":  # what does not change: a server keeps the first text of a name
        head = [f"{row.get('shortId')}: {row.get('title')}", f"issue: {row['id']}"]
        more = [f"permalink: {row.get('permalink')}", f"first seen: {row.get('firstSeen')}"]
        return f"sentry-issue-{row['id']}", "\n".join(head + more)
    return None


def post(config, documents):
    """Sends documents as one request; ends the program if the server refuses them."""
    if not documents:
        return
    names, texts = zip(*documents)
    headers = {"Content-Type": "application/json"}
    if config.get("api_key"):
        headers["X-API-Key"] = config["api_key"]
    url = config.get("url", "http://localhost:9621").rstrip("/") + "/documents/texts"
    body = json.dumps({"texts": texts, "file_sources": names}).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=60) as response:
            response.read()
    except (urllib.error.URLError, OSError) as error:
        sys.exit(f"{url} did not take {len(texts)} texts: {error}. The next run sends them again.")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", type=argparse.FileType(), help="a JSON file with url and api_key")
    config = json.load(options.config) if (options := parser.parse_args()).config else {}
    waiting, sent = [], 0
    for line in sys.stdin:
        message = json.loads(line)
        found = document(message["stream"], message["record"]) if message["type"] == "RECORD" else None
        waiting += [found] if found else []
        if waiting and (len(waiting) == BATCH or message["type"] == "STATE"):
            post(config, waiting)
            waiting, sent = [], sent + len(waiting)
        if message["type"] == "STATE":
            print(json.dumps(message["value"]), flush=True)
    post(config, waiting)
    print(f"{sent + len(waiting)} texts posted", file=sys.stderr)


if __name__ == "__main__":
    main()
