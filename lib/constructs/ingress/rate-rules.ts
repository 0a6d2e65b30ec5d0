import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { webhookPath } from '../../../lambdas/contract.ts';
import { schemeOf } from '../../../lambdas/core/provider.ts';
import type { SourceConfig } from '../../config/config.ts';
import { WAF_SECONDS } from '../../config/domain.ts';

/*
 * The firewall's limits on what one address may send.
 */

/** The names of the rules, which are those of their metrics too. */
export const RATE_RULE = 'RatePerAddress';
export const UNSIGNED_RULE = 'RateOfUnsigned';

/**
 * Requests from one address in five minutes that cannot be authentic. Few enough to make a flood of them expensive, and enough
 * for a person with curl, a health check or a provider's handshake.
 */
export const UNSIGNED_LIMIT = 100;

type SignedSource = Pick<SourceConfig, 'name' | 'provider' | 'options'>;
type Statement = CfnWebACL.StatementProperty;

/**
 * Limits the requests that cannot be authentic: by another method than POST, or without any header in which a source's deliveries
 * present their signature. They are not worth a delivery's share of the source's throttle.
 */
export const rateOfUnsigned = (
  priority: number,
  sources: readonly SignedSource[],
): Omit<CfnWebACL.RuleProperty, 'visibilityConfig'> => ({
  name: UNSIGNED_RULE,
  priority,
  action: { block: TOO_MANY },
  statement: {
    rateBasedStatement: {
      limit: UNSIGNED_LIMIT,
      evaluationWindowSec: WAF_SECONDS,
      aggregateKeyType: 'IP',
      scopeDownStatement: not(and([isPost, or(mayBeAuthentic(sources))])),
    },
  },
});

/**
 * Limits all requests from one address: answered as the throttle answers, until they are fewer.
 *
 * @param exempt ARNs of the sets of addresses that are not limited
 */
export const ratePerAddress = (
  priority: number,
  limit: number,
  exempt: readonly string[],
): Omit<CfnWebACL.RuleProperty, 'visibilityConfig'> => ({
  name: RATE_RULE,
  priority,
  action: { block: TOO_MANY },
  statement: {
    rateBasedStatement: {
      limit,
      evaluationWindowSec: WAF_SECONDS,
      aggregateKeyType: 'IP',
      ...(exempt.length > 0 && { scopeDownStatement: not(or(exempt.map(isFrom))) }),
    },
  },
});

const TOO_MANY = {
  customResponse: {
    responseCode: 429,
    responseHeaders: [{ name: 'Retry-After', value: '60' }],
    customResponseBodyKey: 'throttled',
  },
};

/**
 * The statements that tell a request that may be authentic: a header with a signature or a token; for a source that takes its
 * proof from the URL or the body, its path.
 */
function mayBeAuthentic(sources: readonly SignedSource[]): Statement[] {
  const proofs = sources.map(({ name, provider, options }) => ({
    name,
    headers: schemeOf(provider, options).headers.filter(({ carries }) => ['signature', 'token'].includes(carries)),
  }));
  const headers = [...new Set(proofs.flatMap((proof) => proof.headers.map((header) => header.name)))].sort();
  const paths = proofs.filter((proof) => proof.headers.length === 0).map(({ name }) => webhookPath(name));
  return [...headers.map(hasHeader), ...paths.map(isFor)];
}

const isPost: Statement = {
  byteMatchStatement: {
    fieldToMatch: { method: {} },
    positionalConstraint: 'EXACTLY',
    searchString: 'POST',
    textTransformations: [{ priority: 0, type: 'NONE' }],
  },
};

/** A header that is missing matches nothing. */
const hasHeader = (name: string): Statement => ({
  sizeConstraintStatement: {
    fieldToMatch: { singleHeader: { Name: name } },
    comparisonOperator: 'GT',
    size: 0,
    textTransformations: [{ priority: 0, type: 'NONE' }],
  },
});

const isFor = (path: string): Statement => ({
  byteMatchStatement: {
    fieldToMatch: { uriPath: {} },
    positionalConstraint: 'CONTAINS',
    searchString: path,
    textTransformations: [{ priority: 0, type: 'NONE' }],
  },
});

const isFrom = (arn: string): Statement => ({ ipSetReferenceStatement: { arn } });

const not = (statement: Statement): Statement => ({ notStatement: { statement } });
/** WAF refuses a combination of fewer than two. */
const and = (statements: Statement[]): Statement => one(statements) ?? { andStatement: { statements } };
const or = (statements: Statement[]): Statement => one(statements) ?? { orStatement: { statements } };

function one(statements: Statement[]): Statement | undefined {
  const [first, ...others] = statements;
  if (!first) throw new Error('a rule of the firewall has no statement');
  return others.length === 0 ? first : undefined;
}
