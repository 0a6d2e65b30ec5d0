// The registry: one line a provider. Everything else follows by iteration.
export { honeybee } from './honeybee.ts';
export { nabla } from './nabla.ts';
export { nvsep } from './nvsep/index.ts';
export { optum } from './optum/index.ts';
export { osigu } from './osigu.ts';
