/** `--about`, in the three forms of Meltano's SDK. Settings come from the zod object, so nothing here can be stale. */
import type { Program } from './program.js';
import { describeSettings, inputSchema, settingsJsonSchema } from './settings.js';
import { typesOf } from '../singer/json-schema.js';

export type AboutFormat = 'plain' | 'json' | 'markdown';
type About = Pick<Program, 'name' | 'description' | 'version' | 'capabilities' | 'pythonVersions' | 'settings'>;

export function about(program: About, format: AboutFormat): string {
  return { plain: aboutText, json: aboutJson, markdown: aboutMarkdown }[format](program);
}

function aboutText({ name, description, version, capabilities, settings }: About): string {
  const types = inputSchema(settings).properties ?? {};
  const blocks = describeSettings(settings, name).map((setting) => [
    `  - Name: ${setting.name}`,
    `    Type: [${typesOf(types[setting.name] ?? {})
      .map((type) => `'${type}'`)
      .join(', ')}]`,
    `    Environment Variable: ${setting.env}`,
    ...(setting.required ? ['    Required: true'] : []),
    ...(setting.default === undefined ? [] : [`    Default: ${JSON.stringify(setting.default)}`]),
    `    Description: ${setting.description}`,
  ]);
  const lines = [
    `Name: ${name}`,
    `Description: ${description}`,
    `Version: ${version}`,
    `SDK Version: ${version}`,
    'Capabilities:',
    ...capabilities.map((capability) => `  - ${capability}`),
    'Settings:',
    ...blocks.flat(),
  ];
  return `${lines.join('\n')}\n\n`;
}

function aboutJson({ name, description, version, capabilities, pythonVersions = [], settings }: About): string {
  const about = {
    name,
    description,
    version,
    sdk_version: version,
    supported_python_versions: pythonVersions.length > 0 ? pythonVersions : null,
    capabilities,
    settings: settingsJsonSchema(settings),
  };
  return `${JSON.stringify(about, null, 2)}\n`;
}

function aboutMarkdown({ name, description, capabilities, pythonVersions = [], settings }: About): string {
  const capabilityLines = capabilities.map((capability) => `* \`${capability}\``);
  const pythonLines = pythonVersions.map((one) => `* ${one}`);
  return `${[
    `# \`${name}\``,
    description,
    'Built with TypeScript, for [Meltano](https://meltano.com) and other [Singer](https://www.singer.io) runners.',
    '## Capabilities',
    capabilityLines.join('\n'),
    ...(pythonLines.length > 0 ? ['## Supported Python Versions', pythonLines.join('\n')] : []),
    '## Settings',
    settingsTable(settings, name),
    `A full list of supported settings and capabilities is available by running: \`${name} --about\``,
  ].join('\n\n')}\n`;
}

/** The settings as a markdown table; also the README's. */
export function settingsTable(settings: Program['settings'], program: string): string {
  const rows = describeSettings(settings, program).map(({ name, required, default: preset, description, secret }) => [
    name,
    required ? 'True' : 'False',
    shownDefault(preset),
    `${description}${secret ? ' Secret.' : ''}`,
  ]);
  return table(['Setting', 'Required', 'Default', 'Description'], rows);
}

function shownDefault(value: unknown): string {
  if (value === undefined) return 'None';
  const text = typeof value === 'string' && value !== '' ? value : JSON.stringify(value);
  return `\`${text}\``;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\r?\n/g, '<BR/>');
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [
    line(head),
    `|${head.map((title) => `:${'-'.repeat(Math.max(2, title.length))}|`).join('')}`,
    ...rows.map(line),
  ].join('\n');
}
