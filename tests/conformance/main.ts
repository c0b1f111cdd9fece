/** `npm run conformance -- DIR`: the cases of a folder, a line for each failure, the counts last. */
import { runFolder } from './run.js';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('Usage: npm run conformance -- FOLDER_OF_CASE_FILES\n');
  process.exitCode = 2;
} else {
  const { lines, failed } = await runFolder(folder);
  process.stdout.write(`${lines.join('\n')}\n`);
  process.exitCode = failed > 0 ? 1 : 0;
}
