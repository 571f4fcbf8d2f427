/** The first with `Map.groupBy`, `Promise.withResolvers` and the methods of sets. */
const MAJOR = 22;

// Imported first by every entry of the package: with an older Node something in the middle would be no function.
const version: string | undefined = globalThis.process?.versions?.node;
if (version !== undefined && Number.parseInt(version, 10) < MAJOR) {
  throw new Error(
    `fanfare needs Node ${MAJOR}, this is v${version}; install a newer one. Its command line and fanfare/local need Node 24, which an app of ` +
      "'npm create fanfare' brings itself",
  );
}
