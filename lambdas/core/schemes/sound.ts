import type { LayoutSpec } from './layout.ts';
import type { Part } from './parts.ts';

/*
 * A description that makes no sense is refused by the types: a timestamp that opens a window and is not signed could be
 * rewritten by whoever captured a delivery, and an id that is not signed names any event that a stranger likes.
 */

type Signs<Spec extends LayoutSpec, What extends Part> = What extends Spec['signed'][number] ? true : false;

type CountBody<Parts extends readonly Part[], Count extends readonly unknown[] = []> = Parts extends readonly [
  infer First,
  ...infer Rest extends readonly Part[],
]
  ? CountBody<Rest, First extends 'body' ? [...Count, 1] : Count>
  : Count['length'];

type Stated<Spec, Key extends string> = Key extends keyof Spec ? true : false;

/** The check of a description: `unknown` if it is sound, and otherwise a demand that no description meets. */
export type Sound<Spec extends LayoutSpec> = (CountBody<Spec['signed']> extends 1
  ? unknown
  : { readonly signed: 'the body must be signed, and once' }) &
  (Signs<Spec, 'timestamp'> extends Stated<Spec, 'timestamp'>
    ? unknown
    : { readonly timestamp: 'a timestamp is stated if it is signed, and only then' }) &
  (Signs<Spec, 'id'> extends Stated<Spec, 'id'>
    ? unknown
    : { readonly id: 'an id is stated if it is signed, and only then' }) &
  PairedTime<Spec>;

type HasPairedTime<Spec extends LayoutSpec> = Spec['signature'] extends {
  readonly form: { readonly timestamp: string };
}
  ? true
  : false;

type HasTimeHeader<Spec> = Spec extends { readonly timestamp: { readonly header: string } } ? true : false;

/** The timestamp is in a header of its own or in a pair, and never in both. */
type PairedTime<Spec extends LayoutSpec> = [
  HasPairedTime<Spec>,
  HasTimeHeader<Spec>,
  Stated<Spec, 'timestamp'>,
] extends [true, false, true] | [false, true, true] | [false, false, false]
  ? unknown
  : { readonly timestamp: 'a timestamp has either a header or a pair' };
