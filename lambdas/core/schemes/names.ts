import type { LayoutSpec } from './layout.ts';
import type { Part } from './parts.ts';

/** A description whose headers are named as deliveries name them: in lower case, however the vendor's page writes them. */
export const withLowerCaseNames = <Spec extends LayoutSpec>(spec: Spec): Spec => ({
  ...spec,
  signature: named(spec.signature),
  ...(spec.timestamp?.header !== undefined && {
    timestamp: named({ ...spec.timestamp, header: spec.timestamp.header }),
  }),
  ...(spec.id && { id: named(spec.id) }),
  signed: spec.signed.map((part): Part => (typeof part === 'object' && 'header' in part ? named(part) : part)),
});

const named = <Named extends { readonly header: string }>(one: Named): Named => ({
  ...one,
  header: one.header.toLowerCase(),
});
