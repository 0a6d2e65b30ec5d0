import { CfnOutput } from 'aws-cdk-lib';
import { EndpointAccessMode, EndpointType, SecurityPolicy } from 'aws-cdk-lib/aws-apigateway';
import type { DomainName, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayDomain } from 'aws-cdk-lib/aws-route53-targets';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { HookgateConfig } from '../../config/config.ts';
import type { RegionFeatures } from '../../region.ts';
import { nameInTemplate } from '../names.ts';

type Domain = NonNullable<HookgateConfig['domain']>;

export interface CustomDomainProps {
  readonly domain: Domain;
  readonly api: RestApi;
  readonly features: RegionFeatures;
  /** The zone for its records. Default: that of the configuration, or else none. */
  readonly zone?: IHostedZone | undefined;
}

/** How clients and API Gateway agree on TLS: 1.2 at least, 1.3 offered. */
export interface TlsPolicy {
  readonly securityPolicy: SecurityPolicy;
  /** The name in the handshake must be that of the request; only the newer policies know it. */
  readonly endpointAccessMode?: EndpointAccessMode;
}

/**
 * The policy of the API and of its domain. The newer policies have post-quantum key exchange, and no domain with mutual TLS can
 * have them (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html), nor any in
 * GovCloud.
 */
export const tlsPolicy = (domain: Domain | undefined, { newTlsPolicies }: RegionFeatures): TlsPolicy =>
  domain?.mutualTls || !newTlsPolicies
    ? { securityPolicy: SecurityPolicy.TLS_1_2 }
    : { securityPolicy: SecurityPolicy.TLS13_1_2_PQ_2025_09, endpointAccessMode: EndpointAccessMode.STRICT };

/** The customer's own domain for the API: its whole path is the API's, without the name of the stage. */
export class CustomDomain extends Construct {
  constructor(scope: Construct, id: string, { domain, api, features, zone }: CustomDomainProps) {
    super(scope, id);
    const { name, certificateArn, hostedZone, mutualTls } = domain;
    const domainName = api.addDomainName('Domain', {
      domainName: name,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
      endpointType: EndpointType.REGIONAL,
      ...tlsPolicy(domain, features),
      ...(mutualTls && { mtls: this.truststore(mutualTls) }),
    });
    nameInTemplate(domainName, id);
    const records = zone ?? (hostedZone && this.configured(hostedZone));
    if (records) this.addRecords(records, name, domainName);
    const target = { value: domainName.domainNameAliasDomainName, description: `Alias target of ${name}` };
    new CfnOutput(this, 'Target', target).overrideLogicalId('DomainTarget');
  }

  private configured({ id, name }: NonNullable<Domain['hostedZone']>): IHostedZone {
    return HostedZone.fromHostedZoneAttributes(this, 'Zone', { hostedZoneId: id, zoneName: name });
  }

  private addRecords(zone: IHostedZone, name: string, domainName: DomainName): void {
    const props = {
      zone,
      // With a dot at its end the name is whole, and the zone's is not added to it.
      recordName: `${name}.`,
      target: RecordTarget.fromAlias(new ApiGatewayDomain(domainName)),
    };
    // No AAAA record: the domain has no IPv6 address without dual stack.
    new ARecord(this, 'Ipv4', props);
  }

  private truststore({ truststore, version }: NonNullable<Domain['mutualTls']>) {
    const { host, pathname } = new URL(truststore);
    return {
      bucket: Bucket.fromBucketName(this, 'Truststore', host),
      key: pathname.slice(1),
      ...(version !== undefined && { version }),
    };
  }
}
