// Jest runs TypeScript as Node itself does: the types are blanked out, so lines and columns stay as they are.
import { stripTypeScriptTypes } from 'node:module';

export default {
  process: (source) => ({ code: stripTypeScriptTypes(source, { mode: 'strip' }) }),
};
