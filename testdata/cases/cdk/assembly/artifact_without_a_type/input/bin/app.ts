import { App, Stack, StackProps } from "aws-cdk-lib";
import { AccessKey, User } from "aws-cdk-lib/aws-iam";

class PipelineStack extends Stack {
  constructor(scope: App, id: string, props?: StackProps) {
    super(scope, id, props);
    const user = new User(this, "Pipeline");
    new AccessKey(this, "BuildKey", { user });
    new AccessKey(this, "DeployKey", { user });
  }
}

new PipelineStack(new App(), "Pipelines", { env: { account: "111122223333", region: "eu-west-1" } });
