/** "Did you mean": the known name that a misspelt one is closest to. Far ones are no help and are not offered. */
export function nearest(word: string, names: Iterable<string>): string | undefined {
  const limit = Math.max(1, Math.floor(word.length / 3));
  const [best] = [...names]
    .map((name) => ({ name, distance: editDistance(plain(word), plain(name)) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance);
  return best?.name;
}

/** ` Did you mean start_date?`, to stand behind a sentence; empty where no name is near. */
export const didYouMean = (near: string | undefined): string => (near === undefined ? '' : ` Did you mean ${near}?`);

const plain = (name: string): string => name.toLowerCase().replaceAll('-', '_');

/** Letters to insert, delete, replace or swap with their neighbour. */
export function editDistance(from: string, to: string): number {
  /** At [row][column]: the distance of the first letters of the one to the first letters of the other. */
  const table: number[][] = [];
  const known = (row: number, column: number): number => table[row]?.[column] ?? Infinity;
  const distance = (row: number, column: number): number => {
    if (row === 0 || column === 0) return row + column;
    const isSame = from[row - 1] === to[column - 1];
    const isSwapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
    return Math.min(
      known(row - 1, column) + 1,
      known(row, column - 1) + 1,
      known(row - 1, column - 1) + (isSame ? 0 : 1),
      isSwapped ? known(row - 2, column - 2) + 1 : Infinity,
    );
  };
  for (let row = 0; row <= from.length; row += 1) {
    const line: number[] = [];
    table.push(line);
    for (let column = 0; column <= to.length; column += 1) line.push(distance(row, column));
  }
  return known(from.length, to.length);
}
