/** `hookgate/schemes`: what a provider says with how it signs, and reads the fields of its bodies with. */
export * from '../lambdas/core/schemes/any-of.ts';
export * from '../lambdas/core/schemes/fields.ts';
export * from '../lambdas/core/schemes/forms.ts';
export * from '../lambdas/core/schemes/hmac.ts';
export * from '../lambdas/core/schemes/in-body.ts';
export * from '../lambdas/core/schemes/jwt.ts';
export * from '../lambdas/core/schemes/public-key.ts';
export * from '../lambdas/core/schemes/secret-parts.ts';
export * from '../lambdas/core/schemes/standard-webhooks.ts';
export * from '../lambdas/core/schemes/time.ts';
export * from '../lambdas/core/schemes/token.ts';
export type * from '../lambdas/core/schemes/scheme.ts';
export { BYTES, EMPTY, FORM, JSON_LINES, JSON_VALUE, MULTIPART, OBJECT } from '../lambdas/core/content.ts';
