/** The settings that every tap of the layer has: stream maps and flattening, as Meltano's SDK names them. */
import * as z from 'zod';

const group = 'Stream Maps';

/** Settings of the layer, by name. */
export const layerSettings = {
  stream_maps: z
    .record(z.string(), z.unknown(), 'should be an object of streams, such as {"events": {"email": null}}')
    .optional()
    .meta({ label: 'Stream Maps', group })
    .describe(
      'Changes of streams and their records: properties that are removed, renamed or computed, records that are ' +
        'filtered, streams that are renamed, copied or dropped.',
    ),
  stream_map_config: z
    .record(z.string(), z.unknown(), 'should be an object, such as {"hash_seed": "..."}')
    .optional()
    .meta({ label: 'Stream Map Config', group })
    .describe('Values that the expressions of stream_maps can use, by the name config: config["hash_seed"].'),
  flattening_enabled: z
    .boolean()
    .default(false)
    .meta({ label: 'Flattening Enabled', group })
    .describe('Turn properties of objects into columns of their own. It needs flattening_max_depth.'),
  flattening_max_depth: z
    .number()
    .int()
    .min(0)
    .optional()
    .meta({ label: 'Flattening Max Depth', group })
    .describe('The levels of objects that are flattened. Objects below them, and all lists, become JSON text.'),
  flattening_separator: z
    .string()
    .default('__')
    .meta({ label: 'Flattening Separator', group, mayBeEmpty: true })
    .describe('What stands between the names of an object and its property in the name of a flattened column.'),
  flattening_max_key_length: z
    .number()
    .int()
    .min(1)
    .default(255)
    .meta({ label: 'Flattening Max Key Length', group })
    .describe('Names of flattened columns that are this long or longer are shortened.'),
};

/** What the layer's settings hold once they are read. */
export type LayerConfig = z.output<z.ZodObject<typeof layerSettings>>;

/** Whether the settings ask for any change of records. */
export function changesRecords({ stream_maps: maps = {}, flattening_enabled: isFlat }: Partial<LayerConfig>): boolean {
  return isFlat === true || Object.keys(maps).length > 0;
}

/** The capabilities that these settings give to a tap. */
export const layerCapabilities: readonly string[] = ['schema-flattening', 'stream-maps'];

/** A tap's settings with those of the layer, where their names are free. */
export function withLayerSettings(settings: z.ZodObject): z.ZodObject {
  const free = Object.entries(layerSettings).filter(([name]) => !(name in settings.shape));
  return settings.safeExtend(Object.fromEntries(free)).meta({ ...settings.meta() });
}
