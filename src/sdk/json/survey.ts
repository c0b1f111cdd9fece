/** One look through a parsed row, which spares most rows a closer look at their text. */

/**
 * Levels of lists and objects below a column that leave as they are. Targets written in Python recurse,
 * and fail somewhere between 250 and 1,000 levels.
 */
export const deepestLevel = 200;

/** What a row holds. */
export interface Survey {
  /** Numbers as members of objects. */
  numbers: boolean;
  /** Numbers as elements of lists. */
  listedNumbers: boolean;
  /** Lists and objects in more levels than `deepestLevel` below a column. */
  tooDeep: boolean;
}

/** Looks through a row. This is done for every row, hence the plain loops. */
export function survey(row: object): Survey {
  const found: Survey = { numbers: false, listedNumbers: false, tooDeep: false };
  look(row, deepestLevel + 2, found); // the row itself is one level, its column the next
  return found;
}

/** Recurses no deeper than `levels`, whatever the data. */
function look(container: object, levels: number, found: Survey): void {
  if (levels === 0) {
    found.tooDeep = true;
  } else if (Array.isArray(container)) {
    for (const item of container as unknown[]) {
      if (typeof item === 'string') continue;
      if (typeof item === 'object' && item !== null) look(item, levels - 1, found);
      else if (typeof item === 'number') found.listedNumbers = true;
    }
  } else {
    const members = container as Record<string, unknown>;
    for (const name in members) {
      const item = members[name];
      if (typeof item === 'string') continue;
      if (typeof item === 'object' && item !== null) look(item, levels - 1, found);
      else if (typeof item === 'number') found.numbers = true;
    }
  }
}
