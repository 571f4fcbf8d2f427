/** What Lambda runs the functions with, too. */
const MAJOR = 24;

/** Ends the process when its Node is too old. Plain JavaScript, and no import: every Node has to understand this file. */
export function refuseOldNode(): void {
  if (Number(process.versions.node.split('.')[0]) >= MAJOR) return;
  console.error(
    `fanfare: needs Node ${MAJOR}, this is v${process.versions.node} (${process.execPath}). An app of 'npm create fanfare' brings its own: call this with ` +
      `npx in its folder, or in a script of its package.json. Elsewhere install Node ${MAJOR}`,
  );
  process.exit(1);
}
