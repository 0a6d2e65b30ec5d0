import { RemovalPolicy } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { HookgateConfig, SourceConfig } from '../config/config.ts';
import { grantThrough } from './encryption-key.ts';
import { nameInTemplate } from './names.ts';

export interface ApiCredentialsProps {
  readonly config: HookgateConfig;
  readonly source: SourceConfig;
  readonly key: IKey;
}

/** Its content, as the secret's description tells the operator. */
const CLIENT = 'JSON: {"clientId", "clientSecret"}';
const FORMS = { client: CLIENT, basic: CLIENT, token: 'a bearer token as it is' } as const;

/**
 * The credentials that a provider's API knows a source by. A secret apart from the signing secret, because the verifier has no
 * business with it; without a version until the operator stores one.
 */
export class ApiCredentials extends Construct {
  readonly secretArn: string;
  readonly secretName: string;
  private readonly key: IKey;

  constructor(scope: Construct, id: string, { config, source, key }: ApiCredentialsProps) {
    super(scope, id);
    const { title, api } = source.provider;
    this.secretName = `${config.name}/${config.stage}/${source.name}/api`;
    const secret = new CfnSecret(this, 'Secret', {
      name: this.secretName,
      description: `For the API of ${title}. ${FORMS[api?.credentials ?? 'token']}`,
      kmsKeyId: key.keyArn,
    });
    // It has a name of its own: kept after a creation that failed, it would be in the way of the next deployment.
    secret.applyRemovalPolicy(config.production ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY);
    nameInTemplate(secret, id);
    this.secretArn = secret.ref;
    this.key = key;
  }

  grantRead(grantee: IGrantable): void {
    Grant.addToPrincipal({ grantee, actions: ['secretsmanager:GetSecretValue'], resourceArns: [this.secretArn] });
    grantThrough(this.key, 'secretsmanager', grantee, 'kms:Decrypt');
  }

  /** When it came to be: if a list is read from its start, that is the deployment's time. */
  grantDate(grantee: IGrantable): void {
    Grant.addToPrincipal({ grantee, actions: ['secretsmanager:DescribeSecret'], resourceArns: [this.secretArn] });
  }
}
