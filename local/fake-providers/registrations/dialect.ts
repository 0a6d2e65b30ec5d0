import type { ApiRequest } from '../fake-api.ts';

/** A registration as a stand-in keeps it. */
export interface FakeRegistration {
  readonly id: string;
  url: string;
  events: readonly string[];
  enabled: boolean;
  /** The secret that it was given, or that it has made. */
  secret: string;
  /** When it ends unless it is renewed; absent if it does not end by itself. */
  expiresAt?: Date | undefined;
  /** True if a person has ended it. */
  revoked?: boolean;
}

/** How a provider writes a registration, and where. */
export interface Dialect {
  /** The beginning of each id. */
  readonly prefix: string;
  readonly list: RegExp;
  /** A registration by its id, the first part that the pattern names. */
  readonly one?: RegExp;
  /** The methods that change one. */
  readonly changes?: readonly ('PUT' | 'PATCH' | 'POST')[];
  /** The registration that a DELETE ends, by its id; the provider has no such call if it is absent. */
  readonly deletes?: (url: URL) => string | undefined;
  /** Other calls on a registration: the first part that a pattern names is the id. */
  readonly calls?: readonly {
    readonly route: RegExp;
    /** The id, if it is not in the path. */
    readonly idOf?: (request: ApiRequest) => string;
    readonly act: (entry: FakeRegistration, now: number, request: ApiRequest) => unknown;
  }[];
  readonly write: (entry: FakeRegistration, isNew: boolean) => unknown;
  readonly wrap: (entries: readonly unknown[]) => unknown;
  readonly read: (request: ApiRequest, now: number) => Partial<FakeRegistration>;
  /** The answer that makes an entry, or shows one. */
  readonly wrapOne?: (entry: unknown) => unknown;
  /** How it knows its callers: by a token of the token endpoint, or by the stand-ins' token in a header. Default: behind `Bearer`. */
  readonly by?: 'client' | { readonly header: string };
  /** Whether another entry is in the way of a new one: 409. */
  readonly isTaken?: (entry: FakeRegistration, wanted: Partial<FakeRegistration>) => boolean;
}

export const texts = (value: unknown): string[] | undefined => (Array.isArray(value) ? value.map(String) : undefined);
/** Without the fields that are undefined. */
export const given = (fields: {
  [Name in keyof FakeRegistration]?: FakeRegistration[Name] | undefined;
}): Partial<FakeRegistration> => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
