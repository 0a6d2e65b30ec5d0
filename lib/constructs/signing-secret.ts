import { RemovalPolicy } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Provider } from '../../lambdas/core/provider.ts';
import { grantThrough } from './encryption-key.ts';
import { nameInTemplate } from './names.ts';
import { warnIfUnconfirmed } from './said-at-synth.ts';

export interface SigningSecretProps {
  /** The secret's name in Secrets Manager. */
  readonly secretName: string;
  readonly provider: Provider;
  readonly key: IKey;
  readonly production: boolean;
}

/** How the secret is to be stored, as the end of its description. */
function formOf({ secret: { parts } }: Provider): string {
  return parts
    ? `JSON: {${Object.keys(parts)
        .map((name) => `"${name}"`)
        .join(', ')}}`
    : 'as it is: no JSON';
}

/**
 * The signing secret of a source: a plain string, or JSON if the source has several credentials. It is generated if the customer makes it; a provider's own is stored by
 * the operator, and until then the secret has no version, so that nothing can be verified with a value that others know.
 */
export class SigningSecret extends Construct {
  readonly secretArn: string;
  readonly secretName: string;
  private readonly key: IKey;

  constructor(scope: Construct, id: string, { secretName, provider, key, production }: SigningSecretProps) {
    super(scope, id);
    warnIfUnconfirmed(this, provider);
    // CDK's own construct always generates a value; the resource behind it makes an empty secret if it is given none.
    const secret = new CfnSecret(this, 'Secret', {
      name: secretName,
      description: `Signing secret of ${provider.title}, ${formOf(provider)}`,
      kmsKeyId: key.keyArn,
      ...(provider.secret.madeBy === 'customer' && {
        generateSecretString: { passwordLength: 64, excludePunctuation: true },
      }),
    });
    // It has a name of its own: kept after a creation that failed, it would be in the way of the next deployment.
    secret.applyRemovalPolicy(production ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY);
    nameInTemplate(secret, id);
    this.secretArn = secret.ref;
    this.secretName = secretName;
    this.key = key;
  }

  grantRead(grantee: IGrantable): void {
    const actions = ['secretsmanager:GetSecretValue'];
    Grant.addToPrincipal({ grantee, actions, resourceArns: [this.secretArn] });
    grantThrough(this.key, 'secretsmanager', grantee, 'kms:Decrypt');
  }

  /** Grants the storing of a new value, and the sight of the versions' labels; the reading of no value. */
  grantStage(grantee: IGrantable): void {
    const actions = ['secretsmanager:PutSecretValue', 'secretsmanager:DescribeSecret'];
    Grant.addToPrincipal({ grantee, actions, resourceArns: [this.secretArn] });
    grantThrough(this.key, 'secretsmanager', grantee, 'kms:Decrypt', 'kms:GenerateDataKey');
  }

  /** Grants the access for a rotation: reading the values, storing a new one, and moving the labels. */
  grantRotate(grantee: IGrantable): void {
    const actions = ['GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage'];
    Grant.addToPrincipal({
      grantee,
      actions: actions.map((action) => `secretsmanager:${action}`),
      resourceArns: [this.secretArn],
    });
    grantThrough(this.key, 'secretsmanager', grantee, 'kms:Decrypt', 'kms:GenerateDataKey');
  }
}
