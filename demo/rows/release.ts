/** Releases as the API shows them: in a list, alone, and inside an event. */
import { isoMilli, isoSecond } from '../clock.js';
import type { Release } from '../entities.js';
import { hex8, mix } from '../random.js';
import type { State } from '../state.js';
import { releaseId, userRow, type Row } from './organization.js';

/** `package@1.2.3+build` taken apart, as far as it is one. */
function versionInfo(version: string): Row {
  const parts = /^([^@\s]+)@((\d+)\.(\d+)\.(\d+)(?:\+(\S+))?)$/.exec(version);
  if (!parts)
    return {
      package: null,
      version: { raw: version },
      description: version.slice(0, 12),
      buildHash: /^[0-9a-f]{40}$/.test(version) ? version : null,
    };
  const [, name, raw, major, minor, patch, build] = parts;
  return {
    package: name,
    version: {
      raw,
      major: Number(major),
      minor: Number(minor),
      patch: Number(patch),
      pre: null,
      buildCode: build ?? null,
      components: 3,
    },
    description: raw,
    buildHash: build ?? null,
  };
}

function newGroups(release: Release): number {
  return [...release.newGroups.values()].reduce((a, b) => a + b, 0);
}

export function releaseRow(state: State, release: Release): Row {
  const sha = [1, 2, 3, 4, 5].map((part) => hex8(mix(state.settings.seed, release.index, part, 23))).join('');
  const author = release.author;
  return {
    ...releaseId(state, release),
    version: release.version,
    status: release.status,
    shortVersion: release.version.includes('@') ? release.version.split('@')[1] : release.version.slice(0, 12),
    versionInfo: versionInfo(release.version),
    ref: release.index % 3 === 0 ? 'main' : null,
    url: null,
    dateReleased: release.released === null ? null : isoMilli(release.released),
    dateCreated: isoMilli(release.created),
    data: {},
    newGroups: newGroups(release),
    owner: null,
    commitCount: release.commits,
    lastCommit:
      release.commits === 0
        ? null
        : { id: sha, message: `Release ${release.version}`, dateCreated: isoMilli(release.created - 3_600_000) },
    deployCount: release.deploys,
    lastDeploy:
      release.deploys === 0
        ? null
        : {
            id: String(3_300_000 + release.index),
            environment: 'production',
            dateStarted: null,
            dateFinished: isoMilli(release.created + 600_000),
            name: `${release.version} to production`,
            url: null,
          },
    authors: author ? [author.pending ? { name: author.name, email: author.email } : userRow(author)] : [],
    projects: release.projects.map((project) => ({
      id: Number(project.id),
      slug: project.slug,
      name: project.name,
      newGroups: release.newGroups.get(project) ?? 0,
      platform: project.platform.key,
      platforms: [project.platform.language],
      hasHealthData: false,
    })),
    firstEvent: release.firstEvent === null ? null : isoSecond(release.firstEvent),
    lastEvent: release.lastEvent === null ? null : isoSecond(release.lastEvent),
    currentProjectMeta: {},
    userAgent: release.index % 2 === 0 ? 'sentry-cli/2.39.1' : null,
  };
}

/** What the event detail says of its release. */
export function releaseOfEvent(state: State, release: Release): Row {
  const {
    commitCount,
    data,
    dateCreated,
    dateReleased,
    deployCount,
    ref,
    lastCommit,
    lastDeploy,
    status,
    url,
    userAgent,
    version,
    versionInfo: info,
  } = releaseRow(state, release);
  return {
    ...releaseId(state, release),
    commitCount,
    data,
    dateCreated,
    dateReleased,
    deployCount,
    ref,
    lastCommit,
    lastDeploy,
    status,
    url,
    userAgent,
    version,
    versionInfo: info,
  };
}
