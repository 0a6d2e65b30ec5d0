// Says in one line what is missing if this Node cannot run TypeScript. It is plain JavaScript, which an old Node reads too.
if (!process.features.typescript) {
  console.error(
    `Hookgate needs Node 22.18 or later, and this is ${process.version}: install one, or run "npm rebuild node", ` +
      'which puts Node 24 into node_modules for npm scripts.',
  );
  process.exit(1);
}
