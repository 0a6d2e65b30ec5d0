"""A moto server that can deploy the gateway's stack.

moto 5.2.1 (https://docs.getmoto.org) emulates AWS, CloudFormation among it, but its CloudFormation lacks some resource types that
moto itself has by API. This adds them, each by the call that CloudFormation would make, and puts right what else stands in the
way. It then starts the ordinary server:

    python3 moto_server.py --host 127.0.0.1 --port 5000

What is left out is said at its place: what a resource of such a type says is checked on the template, not here.
"""

import json
import sys
from dataclasses import dataclass, field
from typing import Any, Callable

import moto.cloudformation.parsing as parsing
from moto.apigateway.models import Deployment, apigateway_backends
from moto.awslambda.models import lambda_backends
from moto.cloudwatch.models import Dimension, Metric, MetricDataQuery, MetricStat, cloudwatch_backends
from moto.core.common_models import CloudFormationModel
from moto.dynamodb.comparisons import ConditionExpressionParser
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.table import Table
from moto.events.models import EventBus, events_backends
from moto.kms.models import Key
from moto.logs.models import logs_backends
from moto.scheduler.models import scheduler_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.server import main
from moto.sns.models import sns_backends
from moto.sqs.models import Queue, sqs_backends
from moto.wafv2.models import wafv2_backends

Properties = dict[str, Any]


@dataclass
class Created:
    """What `Ref` and `Fn::GetAtt` give for a resource."""

    physical_id: str
    attributes: dict[str, str] = field(default_factory=dict)


Create = Callable[[Properties, str, str, str], Created]

# moto finds its types by `CloudFormationModel.__subclasses__()`, which holds them weakly.
resource_types: list[type] = []


def resource_type(name: str, name_property: str = "") -> Callable[[Create], Create]:
    """Adds a CloudFormation type. The function makes a resource of its properties, its name, the account and the region."""

    def add(create: Create) -> Create:
        class Resource(CloudFormationModel):
            # moto files every model under the service that its module is named after.
            __module__ = "moto.cloudformation.models"

            def __init__(self, created: Created) -> None:
                self.physical_resource_id = created.physical_id
                self.attributes = created.attributes

            @staticmethod
            def cloudformation_type() -> str:
                return name

            @staticmethod
            def cloudformation_name_type() -> str:
                return name_property

            @classmethod
            def has_cfn_attr(cls, attribute: str) -> bool:
                return True

            def get_cfn_attribute(self, attribute: str) -> Any:
                return self.attributes[attribute]

            @classmethod
            def create_from_cloudformation_json(
                cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_: Any
            ) -> "Resource":
                properties = cloudformation_json.get("Properties", {})
                return cls(create(properties, resource_name, account_id, region_name))

            @classmethod
            def delete_from_cloudformation_json(cls, *_: Any, **__: Any) -> None:
                pass

        resource_types.append(Resource)
        return create

    return add


@resource_type("AWS::SecretsManager::Secret", "Name")
def secret(properties: Properties, name: str, account: str, region: str) -> Created:
    backend = secretsmanager_backends[account][region]
    value = properties.get("SecretString")
    generate = properties.get("GenerateSecretString")
    if generate is not None:
        value = json.loads(
            backend.get_random_password(
                password_length=int(generate.get("PasswordLength", 32)),
                exclude_characters=generate.get("ExcludeCharacters", ""),
                exclude_numbers=False,
                exclude_punctuation=as_bool(generate.get("ExcludePunctuation")),
                exclude_uppercase=False,
                exclude_lowercase=False,
                include_space=False,
                require_each_included_type=True,
            )
        )["RandomPassword"]
    answer = backend.create_secret(
        name=properties.get("Name", name),
        secret_string=value,
        secret_binary=None,
        description=properties.get("Description"),
        tags=properties.get("Tags"),
        kms_key_id=properties.get("KmsKeyId"),
        client_request_token=None,
        replica_regions=[],
        force_overwrite=False,
    )
    arn = json.loads(answer)["ARN"]
    return Created(arn, {"Id": arn})


@resource_type("AWS::SecretsManager::RotationSchedule")
def rotation_schedule(properties: Properties, name: str, account: str, region: str) -> Created:
    """Only the schedule is set: moto would start a rotation at once, and it runs no function."""
    rotated = secretsmanager_backends[account][region].secrets[properties["SecretId"]]
    rotated.rotation_requested = True
    rotated.rotation_enabled = True
    rotated.rotation_lambda_arn = properties["RotationLambdaARN"]
    rules = properties.get("RotationRules", {})
    rotated.auto_rotate_after_days = int(rules.get("AutomaticallyAfterDays", 0))
    return Created(properties["SecretId"])


@resource_type("AWS::SQS::QueuePolicy")
def queue_policy(properties: Properties, name: str, account: str, region: str) -> Created:
    for url in properties["Queues"]:
        policy = {"Policy": json.dumps(properties["PolicyDocument"])}
        sqs_backends[account][region].set_queue_attributes(url.rsplit("/", 1)[1], policy)
    return Created(name)


@resource_type("AWS::S3::BucketPolicy")
def bucket_policy(properties: Properties, name: str, account: str, region: str) -> Created:
    """Not applied: moto enforces bucket policies without their conditions, so that "deny without TLS" would deny everything."""
    return Created(name)


@resource_type("AWS::SNS::TopicPolicy")
def topic_policy(properties: Properties, name: str, account: str, region: str) -> Created:
    for arn in properties["Topics"]:
        sns_backends[account][region].set_topic_attribute(arn, "policy", json.dumps(properties["PolicyDocument"]))
    return Created(name)


@resource_type("AWS::SNS::Subscription")
def subscription(properties: Properties, name: str, account: str, region: str) -> Created:
    made = sns_backends[account][region].subscribe(
        properties["TopicArn"], properties.get("Endpoint", ""), properties["Protocol"]
    )
    return Created(made.arn)


@resource_type("AWS::ApiGateway::Account")
def api_account(properties: Properties, name: str, account: str, region: str) -> Created:
    """API Gateway's role for logs: moto writes none."""
    return Created(name)


@resource_type("AWS::ApiGateway::GatewayResponse")
def gateway_response(properties: Properties, name: str, account: str, region: str) -> Created:
    apigateway_backends[account][region].put_gateway_response(
        rest_api_id=properties["RestApiId"],
        response_type=properties["ResponseType"],
        status_code=properties.get("StatusCode"),
        response_parameters=properties.get("ResponseParameters"),
        response_templates=properties.get("ResponseTemplates"),
    )
    return Created(name)


@resource_type("AWS::ApiGateway::Stage")
def stage(properties: Properties, name: str, account: str, region: str) -> Created:
    made = apigateway_backends[account][region].create_stage(
        function_id=properties["RestApiId"],
        stage_name=properties["StageName"],
        deploymentId=properties["DeploymentId"],
        description=properties.get("Description", ""),
        tracing_enabled=as_bool(properties.get("TracingEnabled")),
    )
    made.access_log_settings = {
        key[0].lower() + key[1:]: value for key, value in properties.get("AccessLogSetting", {}).items()
    }
    return Created(properties["StageName"])


@resource_type("AWS::CloudWatch::Alarm", "AlarmName")
def alarm(properties: Properties, name: str, account: str, region: str) -> Created:
    made = cloudwatch_backends[account][region].put_metric_alarm(
        name=properties.get("AlarmName", name),
        namespace=properties.get("Namespace"),
        metric_name=properties.get("MetricName"),
        comparison_operator=properties["ComparisonOperator"],
        evaluation_periods=int(properties["EvaluationPeriods"]),
        period=int(properties.get("Period", 60)),
        threshold=float(properties["Threshold"]),
        statistic=properties.get("Statistic"),
        extended_statistic=properties.get("ExtendedStatistic"),
        description=properties.get("AlarmDescription"),
        dimensions=properties.get("Dimensions", []),
        metric_data_queries=[metric_query(each) for each in properties.get("Metrics", [])] or None,
        datapoints_to_alarm=properties.get("DatapointsToAlarm"),
        alarm_actions=properties.get("AlarmActions", []),
        ok_actions=properties.get("OKActions", []),
        treat_missing_data=properties.get("TreatMissingData"),
    )
    return Created(made.name, {"Arn": made.alarm_arn})


def metric_query(query: Properties) -> MetricDataQuery:
    """One of the metrics that an alarm computes with."""
    stat = query.get("MetricStat")
    return MetricDataQuery(
        query["Id"],
        query.get("Label"),
        query.get("Period"),
        as_bool(query.get("ReturnData", True)),
        query.get("Expression"),
        stat
        and MetricStat(
            Metric(
                stat["Metric"]["MetricName"],
                stat["Metric"]["Namespace"],
                [Dimension(each["Name"], each["Value"]) for each in stat["Metric"].get("Dimensions", [])],
            ),
            stat["Period"],
            stat["Stat"],
            stat.get("Unit"),
        ),
    )


@resource_type("AWS::XRay::SamplingRule")
def sampling_rule(properties: Properties, name: str, account: str, region: str) -> Created:
    """Which requests X-Ray records: moto keeps no rules."""
    return Created(properties["SamplingRule"]["RuleName"])


@resource_type("AWS::Logs::MetricFilter", "FilterName")
def metric_filter(properties: Properties, name: str, account: str, region: str) -> Created:
    transformations = [
        {key[0].lower() + key[1:]: value for key, value in each.items()} for each in properties["MetricTransformations"]
    ]
    # A list of pairs in the template, a map in the API.
    for each in transformations:
        if "dimensions" in each:
            each["dimensions"] = {pair["Key"]: pair["Value"] for pair in each["dimensions"]}
    filter_name = properties.get("FilterName", name)
    logs_backends[account][region].put_metric_filter(
        filter_name=filter_name,
        filter_pattern=properties["FilterPattern"],
        log_group_name=properties["LogGroupName"],
        metric_transformations=transformations,
    )
    return Created(filter_name)


# The statement's id is its own; a Deny stays one.
@resource_type("AWS::Events::EventBusPolicy")
def event_bus_policy(properties: Properties, name: str, account: str, region: str) -> Created:
    bus, sid = properties["EventBusName"], properties["StatementId"]
    policy = {"Version": "2012-10-17", "Statement": [{**properties["Statement"], "Sid": sid}]}
    events_backends[account][region].put_permission(bus, "", "", sid, {}, json.dumps(policy))
    return Created(f"{bus}|{sid}")


@resource_type("AWS::Lambda::EventInvokeConfig")
def event_invoke_config(properties: Properties, name: str, account: str, region: str) -> Created:
    config = {key: properties[key] for key in ("MaximumRetryAttempts", "MaximumEventAgeInSeconds") if key in properties}
    lambda_backends[account][region].put_function_event_invoke_config(properties["FunctionName"], config)
    return Created(name)


@resource_type("AWS::Scheduler::Schedule", "Name")
def schedule(properties: Properties, name: str, account: str, region: str) -> Created:
    made = scheduler_backends[account][region].create_schedule(
        description=properties.get("Description", ""),
        end_date=None,
        flexible_time_window=properties["FlexibleTimeWindow"],
        group_name=properties.get("GroupName"),
        kms_key_arn=properties.get("KmsKeyArn", ""),
        name=properties.get("Name", name[-64:]),
        schedule_expression=properties["ScheduleExpression"],
        schedule_expression_timezone=properties.get("ScheduleExpressionTimezone", "UTC"),
        start_date=None,
        state=properties.get("State", "ENABLED"),
        target=properties["Target"],
        action_after_completion=None,
    )
    return Created(made.name, {"Arn": made.arn})


@resource_type("AWS::WAFv2::WebACL", "Name")
def web_acl(properties: Properties, name: str, account: str, region: str) -> Created:
    made = wafv2_backends[account][region].create_web_acl(
        name=properties.get("Name", name),
        visibility_config=properties["VisibilityConfig"],
        default_action=properties["DefaultAction"],
        scope=properties["Scope"],
        description=properties.get("Description", ""),
        tags=properties.get("Tags", []),
        rules=properties.get("Rules", []),
        association_config=None,
        captcha_config=None,
        challenge_config=None,
        custom_response_bodies=properties.get("CustomResponseBodies"),
        token_domains=None,
    )
    return Created(f"{made.name}|{made.id}|{properties['Scope']}", {"Arn": made.arn, "Id": made.id})


@resource_type("AWS::WAFv2::IPSet", "Name")
def ip_set(properties: Properties, name: str, account: str, region: str) -> Created:
    made = wafv2_backends[account][region].create_ip_set(
        name=properties.get("Name", name),
        scope=properties["Scope"],
        description=properties.get("Description", ""),
        ip_address_version=properties["IPAddressVersion"],
        addresses=properties["Addresses"],
        tags=properties.get("Tags", []),
    )
    return Created(f"{made.name}|{made.ip_set_id}|{properties['Scope']}", {"Arn": made.arn, "Id": made.ip_set_id})


@resource_type("AWS::WAFv2::WebACLAssociation")
def web_acl_association(properties: Properties, name: str, account: str, region: str) -> Created:
    wafv2_backends[account][region].associate_web_acl(properties["WebACLArn"], properties["ResourceArn"])
    return Created(f"{properties['WebACLArn']}|{properties['ResourceArn']}")


@resource_type("AWS::WAFv2::LoggingConfiguration")
def web_acl_logging(properties: Properties, name: str, account: str, region: str) -> Created:
    wafv2_backends[account][region].put_logging_configuration(
        arn=properties["ResourceArn"],
        log_destination_configs=properties["LogDestinationConfigs"],
        redacted_fields=properties.get("RedactedFields"),
        managed_gy_firewall_manager=False,
        logging_filter=properties.get("LoggingFilter", {}),
    )
    return Created(properties["ResourceArn"])


def as_bool(value: Any) -> bool:
    """CloudFormation takes `true` and `"true"`."""
    return str(value).lower() == "true"


def let_ref_give_the_id() -> None:
    """moto has `Ref` of these two give the object where it should give the name or the id."""
    EventBus.physical_resource_id = property(lambda bus: bus.name)  # type: ignore[attr-defined]
    Deployment.physical_resource_id = property(lambda deployment: deployment.id)  # type: ignore[attr-defined]


def let_keys_be_described() -> None:
    """moto's CloudFormation gives a key policy and tags as the template has them, where KMS has a text and other names."""
    create = Key.create_from_cloudformation_json.__func__

    def create_described(cls: Any, resource_name: str, cloudformation_json: Any, *rest: Any, **others: Any) -> Key:
        properties = cloudformation_json["Properties"]
        tags = [{"TagKey": each["Key"], "TagValue": each["Value"]} for each in properties.get("Tags", [])]
        said = {**properties, "Tags": tags, "KeyPolicy": json.dumps(properties["KeyPolicy"])}
        return create(cls, resource_name, {"Properties": said}, *rest, **others)

    Key.create_from_cloudformation_json = classmethod(create_described)  # type: ignore[assignment]


def let_tables_expire() -> None:
    """moto's CloudFormation makes a table without its time to live and its point-in-time recovery."""
    create = Table.create_from_cloudformation_json.__func__

    def create_whole(cls: Any, resource_name: str, cloudformation_json: Any, *rest: Any, **others: Any) -> Table:
        table = create(cls, resource_name, cloudformation_json, *rest, **others)
        properties = cloudformation_json["Properties"]
        ttl = properties.get("TimeToLiveSpecification")
        if ttl:
            table.ttl.update({"TimeToLiveStatus": "ENABLED", "AttributeName": ttl["AttributeName"]})
        recovery = properties.get("PointInTimeRecoverySpecification", {})
        if as_bool(recovery.get("PointInTimeRecoveryEnabled")):
            dynamodb_backends[table.account_id][table.region_name].update_continuous_backups(table.name, recovery)
        return table

    Table.create_from_cloudformation_json = classmethod(create_whole)  # type: ignore[assignment]


def let_conditions_break_lines() -> None:
    """moto's parser knows the blank, and no other white space."""
    parse = ConditionExpressionParser.parse

    def parse_one_line(parser: ConditionExpressionParser) -> Any:
        parser.condition_expression = " ".join((parser.condition_expression or "").split())
        return parse(parser)

    ConditionExpressionParser.parse = parse_one_line  # type: ignore[method-assign]


def keep_queues_from_functions() -> None:
    """moto hands a message to a function as it comes, one at a time, in Docker; the test does that itself, as Lambda does."""
    Queue.lambda_event_source_mappings = property(lambda queue: {}, lambda queue, mappings: None)  # type: ignore[assignment]


def refuse_unknown_types() -> None:
    """moto leaves out a resource whose type it does not know, and says so in its log alone."""
    known = parsing.resource_class_from_type

    def required(type_name: str) -> Any:
        found = known(type_name)
        if found is None and type_name not in ("AWS::CDK::Metadata", *parsing.NULL_MODELS):
            raise parsing.ValidationError(message=f"moto_server.py does not know {type_name}")
        return found

    parsing.resource_class_from_type = required


let_ref_give_the_id()
let_keys_be_described()
let_tables_expire()
let_conditions_break_lines()
keep_queues_from_functions()
refuse_unknown_types()
if __name__ == "__main__":
    main(sys.argv[1:])
