/**
 * The tap as Meltano knows it. plugin.json is for the hub and `meltano add --from-ref`; the project's
 * own meltano.yml runs the checkout and has no pip_url, because Meltano would install a package of
 * that name from the index.
 */
import type { Setting } from '../src/sdk/cli/config.js';
import { streams } from '../src/streams/index.js';
import { tap } from '../src/tap/tap-sentry.js';

export const repository = 'https://github.com/meltano-taps/tap-sentry';
const { capabilities, pythonVersions } = tap;
/** How Meltano reads our log lines: as those of its own SDK. */
const logParser = 'singer-sdk';

/** The streams that are on by default. */
export const defaultStreams = streams.filter(({ optional }) => !optional).map(({ name }) => name);

const description =
  'Projects, issues, events, teams, users and releases of a Sentry organization, complete and incremental';

interface PluginSetting {
  name: string;
  label: string;
  kind: string;
  sensitive?: true;
  description: string;
  placeholder?: string;
  value?: unknown;
}

export function pluginSettings(list: readonly Setting[]): PluginSetting[] {
  return list.map((setting) => {
    const value = valueOf(setting);
    return {
      name: setting.name,
      label: setting.label,
      kind: setting.kind,
      ...(setting.secret ? { sensitive: true as const } : {}),
      description: setting.description,
      ...(value === undefined ? {} : { value }),
    };
  });
}

/** A default in the setting's kind: fractions are strings. An empty one would reach the tap as "not given" anyway. */
function valueOf({ default: own, preset, kind }: Setting): unknown {
  const value = own ?? preset;
  return value === '' ? undefined : kind === 'string' && typeof value === 'number' ? String(value) : value;
}

export function pluginDefinition(list: readonly Setting[]): object {
  return {
    name: 'tap-sentry',
    namespace: 'tap_sentry',
    variant: 'meltano-taps',
    label: 'Sentry',
    description,
    docs: `${repository}#readme`,
    repo: repository,
    pip_url: 'tap-sentry',
    executable: 'tap-sentry',
    domain_url: 'https://docs.sentry.io/api/',
    keywords: ['api', 'sentry', 'error-tracking', 'observability', 'typescript'],
    maintenance_status: 'active',
    quality: 'unknown',
    supported_python_versions: pythonVersions,
    log_parser: logParser,
    capabilities,
    settings_group_validation: [list.filter(({ required }) => required).map(({ name }) => name)],
    settings: pluginSettings(list),
    select: selection(),
  };
}

const selection = (): string[] => defaultStreams.map((name) => `${name}.*`);

/** The project in the repository's root: `meltano run tap-sentry target-jsonl` on a checkout. */
export function meltanoProject(list: readonly Setting[]): string {
  const project = {
    default_environment: 'dev',
    environments: [{ name: 'dev' }],
    send_anonymous_usage_stats: false,
    plugins: {
      extractors: [
        {
          name: 'tap-sentry',
          namespace: 'tap_sentry',
          executable: './bin/tap-sentry',
          log_parser: logParser,
          capabilities,
          settings_group_validation: [list.filter(({ required }) => required).map(({ name }) => name)],
          settings: pluginSettings(list),
          select: selection(),
        },
      ],
      loaders: [
        {
          name: 'target-jsonl',
          namespace: 'target_jsonl',
          pip_url: 'target-jsonl==0.1.4',
          executable: 'target-jsonl',
          settings: [
            {
              name: 'destination_path',
              kind: 'string',
              label: 'Destination Path',
              description: 'Folder for the files; it must exist.',
              value: 'output',
            },
          ],
          config: { destination_path: 'output' },
        },
      ],
    },
  };
  return (
    `# Written by \`npm run docs\`. Secrets: \`meltano config set tap-sentry api_token ...\`, or ` +
    `TAP_SENTRY_API_TOKEN in .env.\n${yaml(project, 0)}`
  );
}

/** Block YAML of plain data; texts are quoted as JSON where YAML could read something else. */
export function yaml(value: unknown, depth: number): string {
  const pad = '  '.repeat(depth);
  if (Array.isArray(value))
    return value
      .map((item) => `${pad}- ${isBlock(item) ? yaml(item, depth + 1).trimStart() : `${scalar(item)}\n`}`)
      .join('');
  return Object.entries(value as object)
    .map(([name, item]) =>
      isBlock(item) ? `${pad}${name}:\n${yaml(item, depth + 1)}` : `${pad}${name}: ${scalar(item)}\n`,
    )
    .join('');
}

const isBlock = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0;

function scalar(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  const plain =
    /^[A-Za-z./][\w ./()-]*(?:[.,;] [\w ./(),;-]+)*[.\w)*]$/.test(value) &&
    !/^(?:true|false|yes|no|on|off|null|y|n)$/i.test(value);
  return plain ? value : JSON.stringify(value);
}
