import { App, Stack, StackProps } from "aws-cdk-lib";
import { AccessKey, AccessKeyStatus, User } from "aws-cdk-lib/aws-iam";

class PipelineStack extends Stack {
  constructor(scope: App, id: string, props?: StackProps) {
    super(scope, id, props);
    const user = new User(this, "Pipeline");
    new AccessKey(this, "BuildKey", { user });
    new AccessKey(this, "DeployKey", { user, status: AccessKeyStatus.INACTIVE });
  }
}

new PipelineStack(new App(), "Pipelines", { env: { account: "111122223333", region: "eu-west-1" } });
